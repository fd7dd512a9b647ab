import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { openControlPort } from '../../sandbox/control.js';
import { startSandbox } from '../../sandbox/index.js';
import { assertEqual, create, createdIn, Live, liveScenario, settle, submit } from './live-support.js';

/** One transaction on the source that creates, and one that archives what an earlier one created. */
async function work(live: Live): Promise<void> {
  const [p = '', q = ''] = live.parties;
  const contract = createdIn(await submit(live.source, p, create(p, q)));
  await submit(live.source, p, create(p, p));
  await submit(live.source, p, settle(contract));
}

test('live crash: before the activation the target stays disconnected, and the route goes on', async (t) => {
  const live = await Live.start(t);
  const proposals = await live.propose();
  await live.cutOff();
  const signed = await live.sign(proposals);
  await live.target.restart();
  assert.deepEqual(live.target.connected(), []);
  await work(live);
  const [group] = await live.activate(signed);
  await work(live);
  await live.import(await live.export(group!.offset));
  await live.reconnect();

  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
});

test('live crash: an import that dies keeps whole earlier calls, and everything again gives the whole', async (t) => {
  const live = await Live.start(t);
  const [p = ''] = live.parties;
  const proposals = await live.propose();
  await live.cutOff();
  const [group] = await live.activate(await live.sign(proposals));
  await live.import(await live.export(group!.offset, [p]));
  const kept = live.target.contracts();
  live.sandbox.faults.arm({ kind: 'crash', method: 'ImportAcs', participant: 'target', at: 'before' });
  await assert.rejects(live.import(await live.export(group!.offset)), { code: 'UNAVAILABLE' });
  await live.target.restart();
  assert.deepEqual(live.target.contracts(), kept);
  await work(live);
  await live.import(await live.export(group!.offset));
  await live.target.restart();
  await live.reconnect();

  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
});

test('live crash: after the reconnect, with both as hosts, and after the removal nothing is lost', async (t) => {
  const live = await Live.start(t);
  await live.transfer();
  await work(live);
  await live.reconnect();
  await live.target.restart();
  await work(live);
  await live.reconnect();
  assertEqual(live);

  await live.clearFlags();
  live.target.crash();
  await work(live);
  await live.target.restart();
  await live.reconnect();
  assertEqual(live);

  await live.removeSource();
  await live.target.restart();
  await live.reconnect();
  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
});

test('live crash: a source that dies after the activation has the same snapshot and the same event', async (t) => {
  const live = await Live.start(t);
  const proposals = await live.propose();
  await live.cutOff();
  const begin = live.source.ledger.ledger.end;
  const [group] = await live.activate(await live.sign(proposals));
  const before = await live.export(group!.offset);
  await live.source.restart();
  await work(live);

  assert.deepEqual(await live.activations(begin, live.parties), [group]);
  assert.deepEqual(await live.export(group!.offset), before);
});

test('live crash: whatever the disk held when the sandbox was killed under load, both hosts end up equal', async (t) => {
  const { state, copies } = folders(t, 4);
  const first = await startSandbox({ state, scenario: liveScenario() });
  const live = Live.on(first);
  await live.transfer();
  await live.reconnect();
  await live.clearFlags();
  for (const copy of copies) {
    const running = Promise.all([work(live), work(live), work(live)]);
    await work(live);
    cpSync(state, copy, { recursive: true });
    await running;
  }
  await first.close();

  for (const copy of copies) {
    const resumed = await startSandbox({ state: copy });
    const again = Live.on(resumed);
    await again.reconnect();
    assertEqual(again);
    assert.equal(again.target.isDamaged(), false);
    assert.equal(again.source.isDamaged(), false);
    await resumed.close();
  }
});

test('live crash: a target taken back to its backup goes on with the snapshot of the activation', async (t) => {
  const live = await Live.start(t);
  const proposals = await live.propose();
  await live.cutOff();
  const backup = live.target.backup();
  const [group] = await live.activate(await live.sign(proposals));
  await work(live);
  await live.import(await live.export(group!.offset, live.parties.slice(0, 1)));
  await live.reconnect();
  await work(live);
  await live.undo();
  await work(live);
  await live.target.restore(backup);
  assert.deepEqual([live.target.contracts(), live.target.connected()], [[], []]);

  // It catches up on the time in which it was a host, so it needs the contracts of the beginning of that time.
  await live.import(await live.export(group!.offset));
  await live.reconnect();
  assert.equal(live.target.isDamaged(), false);
  await live.disconnect();
  const again = await live.propose();
  const [next] = await live.activate(await live.sign(again));
  const { ledger } = live.source.ledger;
  const wanted = new Set([...ledger.active(next!.offset)].map((slot) => ledger.contractId(slot)));
  await live.purge(live.target.contracts().filter((id) => !wanted.has(id)));
  await live.import(await live.export(next!.offset));
  await live.reconnect();

  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
});

test('live crash: a backup does not help without the snapshot of the first activation', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  const contract = createdIn(await submit(live.source, p, create(p, q)));
  const proposals = await live.propose();
  await live.cutOff();
  const backup = live.target.backup();
  await live.activate(await live.sign(proposals));
  await submit(live.source, p, settle(contract));
  await live.undo();
  await live.target.restore(backup);
  await live.reconnect();

  assert.equal(live.target.isDamaged(), true);
});

test('live crash: backups and damage are reached over the control port', async (t) => {
  const live = await Live.start(t);
  const control = await openControlPort(live.sandbox, 0);
  t.after(() => control.close());
  const ask = async (method: string, path: string) =>
    (await fetch(`http://127.0.0.1:${control.port}${path}`, { method })).json();
  const [p = '', q = ''] = live.parties;
  const contract = createdIn(await submit(live.source, p, create(p, q)));
  const proposals = await live.propose();
  await live.cutOff();
  const { backup } = (await ask('POST', '/backup?participant=target')) as { backup: string };
  await live.activate(await live.sign(proposals));
  await live.reconnect();
  await submit(live.source, p, settle(contract));

  const inspect = async () =>
    ((await ask('GET', '/participant?participant=target')) as { damage: { contractId: string }[] })
      .damage;
  assert.deepEqual(
    (await inspect()).map(({ contractId }) => contractId),
    [contract],
  );
  assert.deepEqual(await ask('POST', `/restore?participant=target&backup=${backup}`), {});
  assert.deepEqual(await inspect(), []);
  const missing = await ask('POST', '/restore?participant=target&backup=none');
  assert.deepEqual(missing, { error: "no backup 'none' of target" });
  assert.equal(live.target.isUp, true);
});

function folders(t: TestContext, count: number): { state: string; copies: string[] } {
  const make = () => {
    const made = mkdtempSync(join(tmpdir(), 'canton-sandbox-'));
    t.after(() => rmSync(made, { recursive: true, force: true }));
    return made;
  };
  return { state: make(), copies: Array.from({ length: count }, make) };
}
