import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { startSandbox } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';
import {
  assertEqual,
  create,
  createdIn,
  Live,
  liveScenario,
  settle,
  submit,
  submitAgain,
  transfer,
} from './live-support.js';

test('live sharing: a transaction among parties of one node stays there and costs no order', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  const end = live.target.ledger.ledger.end;

  await submit(live.source, p, create(p, q));

  assert.equal(live.sandbox.synchronizers.source.exchange.log.length, 0);
  assert.equal(live.target.ledger.ledger.end, end);
});

test('live sharing: two hosts receive the same, whoever submits, and only the submitter sees the command', async (t) => {
  const live = await Live.start(t);
  await live.transfer();
  await live.reconnect();
  await live.clearFlags();
  const [p = '', q = '', r = ''] = live.parties;
  const begin = { source: live.source.ledger.ledger.end, target: live.target.ledger.ledger.end };

  const ids: string[] = [];
  for (let n = 0; n < 10; n++) {
    const created = await Promise.all([
      submit(live.source, p, create(p, q), `source-${n}`),
      submit(live.target, q, create(q, r), `target-${n}`),
    ]);
    ids.push(...created.map(createdIn));
  }
  await Promise.all([
    ...ids.slice(0, 4).map((id, n) => submit(live.target, n % 2 === 0 ? p : q, settle(id))),
    ...ids.slice(4, 8).map((id, n) => submit(live.source, n % 2 === 0 ? q : r, transfer(id, p))),
  ]);

  assertEqual(live);
  const shown = async (role: 'source' | 'target') =>
    live.transactions(live.sandbox.participants[role], begin[role]);
  const [atSource, atTarget] = [await shown('source'), await shown('target')];
  const seen = (all: Message[]) =>
    all.map(({ update_id, record_time, effective_at }) => ({ update_id, record_time, effective_at }));
  assert.deepEqual(seen(atTarget), seen(atSource));
  const commands = (all: Message[], prefix: string) =>
    all.filter((one) => ((one['command_id'] ?? '') as string).startsWith(prefix)).length;
  assert.deepEqual([commands(atSource, 'source-'), commands(atSource, 'target-')], [10, 0]);
  assert.deepEqual([commands(atTarget, 'source-'), commands(atTarget, 'target-')], [0, 10]);
});

test('live sharing: a host that was away catches up in the order of time, with the hosting changes', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  await live.transfer([p]);
  await submit(live.source, p, create(p, q));
  const late = await live.propose([q]);
  const begin = live.target.ledger.ledger.end;
  const [group] = await live.activate(await live.sign(late), [q]);
  await submit(live.source, q, create(q, q));
  await live.import(await live.export(group!.offset, [q], [p]));
  await live.reconnect();

  const shown = await live.transactions(live.target, begin);
  const times = shown
    .filter((one) => (one['workflow_id'] ?? '') === '')
    .map((one) => one['record_time'] as { seconds: string; nanos: number });
  const [first, second] = times.map(({ seconds, nanos }) => Number(seconds) * 1e9 + nanos);
  const activated = group!.recordTime as { seconds: string; nanos: number };
  const at = Number(activated.seconds) * 1e9 + activated.nanos;
  assert.ok(first! < at && at < second!);
  const [event] = await live.topologyUpdates(live.target, begin, [q]);
  const offsets = shown.map((one) => Number(one['offset']));
  assert.ok(offsets.at(-2)! < Number(event!['offset']) && Number(event!['offset']) < offsets.at(-1)!);
  assert.equal(live.target.isDamaged(), false);
});

test('live sharing: the offset of the activation separates exactly what comes with the snapshot, under load', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = '', r = ''] = live.parties;
  let isOver = false;
  const load = (async () => {
    const open: string[] = [];
    for (let n = 0; !isOver; n++) {
      if (n % 3 < 2) open.push(createdIn(await submitAgain(live.source, p, create(p, n % 2 ? q : r))));
      else await submitAgain(live.source, p, settle(open.shift()!));
    }
  })();
  const proposals = await live.propose();
  await live.cutOff();
  const [group] = await live.activate(await live.sign(proposals));
  await live.import(await live.export(group!.offset));
  const snapshot = new Set(live.target.contracts());
  const { ledger } = live.source.ledger;
  const there = [...ledger.active(group!.offset)].map((slot) => ledger.contractId(slot));
  assert.deepEqual([...snapshot].sort(), there.sort());
  await live.reconnect();
  isOver = true;
  await load;

  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
  assert.ok(live.target.contracts().some((id) => !snapshot.has(id)));
});

test('live sharing: what was ordered survives the end of the sandbox, for whoever was away', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'canton-sandbox-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  const first = await startSandbox({ state, scenario: liveScenario() });
  const before = Live.on(first);
  const [p = '', q = ''] = before.parties;
  await before.transfer();
  for (let n = 0; n < 3; n++) await submit(before.source, p, create(p, q));
  await first.close();

  const second = await startSandbox({ state });
  t.after(() => second.close());
  const live = Live.on(second);
  assert.deepEqual(live.target.connected(), []);
  await live.reconnect();

  assertEqual(live);
  assert.equal(second.synchronizers.source.exchange.log.length, 3);
});

test('live sharing: churn over the control port reaches every host', async (t) => {
  const live = await Live.start(t);
  await live.transfer();
  await live.reconnect();

  live.source.ledger.churn(12, 7);

  assertEqual(live);
  assert.equal(live.target.contracts().length, 65);
});

test('live sharing: a removed host gets nothing any more and keeps its contracts readable', async (t) => {
  const live = await Live.start(t);
  await live.transfer();
  await live.reconnect();
  await live.clearFlags();
  const [p = '', q = ''] = live.parties;
  await live.removeSource();
  const frozen = live.source.contracts();

  await submit(live.target, p, create(p, q));

  assert.deepEqual(live.source.contracts(), frozen);
  assert.equal(live.target.contracts().length, frozen.length + 1);
  await assert.rejects(submit(live.source, p, create(p, q)), {
    code: 'NOT_FOUND',
    id: 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
  });
});
