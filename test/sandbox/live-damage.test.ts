import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../conformance/states.js';
import { assertEqual, create, createdIn, Live, settle, submit } from './live-support.js';

const UNABLE = /^Unable to find reassignment counter for ContractId\(00/;
const ARCHIVED = /Cannot add previously archived contract ContractId\(00/;

/** Activates all parties, imports the contracts of the first one only, connects, and lets the load go on. */
async function provoke(live: Live): Promise<{ file: Buffer; lost: string }> {
  const [p = '', q = '', r = ''] = live.parties;
  const lost = createdIn(await submit(live.source, q, create(q, r)));
  const proposals = await live.propose();
  await live.cutOff();
  const [group] = await live.activate(await live.sign(proposals));
  const file = await live.export(group!.offset);
  await live.import(await live.export(group!.offset, [p]));
  await live.reconnect();
  await submit(live.source, q, settle(lost));
  return { file, lost };
}

/** A reconnect that fails for good, and the operation after it, which ends the node. */
async function assertBeyondHelp(live: Live): Promise<void> {
  await assert.rejects(live.reconnect(), { code: 'INTERNAL', text: UNABLE, id: undefined });
  assert.equal(live.target.isUp, true);
  await assert.rejects(live.reconnect());
  await until(
    async () => live.target.isUp,
    (isUp) => !isUp,
  );
}

test('live damage: an incomplete import and a connection look fine, and nothing is said', async (t) => {
  const live = await Live.start(t);
  const { lost } = await provoke(live);

  assert.deepEqual(live.target.connected(), ['acme']);
  assert.ok(live.target.contracts().length < live.source.contracts().length);
  assert.deepEqual(
    live.target.damage().map(({ contractId, kind }) => [contractId, kind]),
    [[lost, 'archived']],
  );
});

// Run 5: with a late import.
test('live damage: a late import is refused, the next reconnect fails, the operation after it ends the node', async (t) => {
  const live = await Live.start(t);
  const { file } = await provoke(live);
  await live.disconnect();

  await assert.rejects(live.import(file), { errorId: 'IMPORT_ACS_ERROR', message: ARCHIVED });
  await assertBeyondHelp(live);
  await live.target.restart();
  await assertBeyondHelp(live);
});

// Runs 6 and 7: undo, a new activation, purge and complete import, all of which succeed.
test('live damage: neither an undo nor a purge with a complete import heals it', async (t) => {
  const live = await Live.start(t);
  await provoke(live);
  await live.undo();
  await live.disconnect();
  const proposals = await live.propose();
  const [group] = await live.activate(await live.sign(proposals));
  await live.purge(live.target.contracts());
  await live.import(await live.export(group!.offset));
  const { ledger } = live.source.ledger;
  const wanted = [...ledger.active(group!.offset)].map((slot) => ledger.contractId(slot));
  assert.deepEqual(live.target.contracts().sort(), wanted.sort());

  await assertBeyondHelp(live);
});

// Run 9: the undo comes first, the connection lasts.
test('live damage: a longer connection after the undo does not heal it either', async (t) => {
  const live = await Live.start(t);
  await provoke(live);
  await live.undo();
  await wait(300);
  assert.deepEqual(live.target.connected(), ['acme']);
  await live.disconnect();

  await assertBeyondHelp(live);
});

test('live damage: a start that connects by itself is the same as a reconnect', async (t) => {
  const live = await Live.start(t);
  await provoke(live);
  await live.setManual(false);
  await live.target.restart();

  assert.deepEqual(live.target.connected(), []);
  await assert.rejects(live.reconnect());
  assert.equal(live.target.isUp, false);
});

test('live damage: the contracts of a later snapshot come twice, or not at all', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  const before = createdIn(await submit(live.source, p, create(p, q)));
  const proposals = await live.propose();
  await live.cutOff();
  await live.activate(await live.sign(proposals));
  const after = createdIn(await submit(live.source, p, create(p, q)));
  await submit(live.source, p, settle(before));
  await live.import(await live.export(live.source.ledger.ledger.end));
  await live.reconnect();

  assertEqual(live);
  assert.deepEqual(
    new Map(live.target.damage().map(({ contractId, kind }) => [contractId, kind])),
    new Map([
      [after, 'created'],
      [before, 'archived'],
    ]),
  );
  await live.disconnect();
  await assertBeyondHelp(live);
});

test('live damage: a snapshot from before the activation keeps a contract that has ended', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  const ended = createdIn(await submit(live.source, p, create(p, q)));
  const proposals = await live.propose();
  await live.cutOff();
  const early = live.source.ledger.ledger.end;
  await submit(live.source, p, settle(ended));
  await live.activate(await live.sign(proposals));
  await live.import(await live.export(early));
  await live.reconnect();

  assert.ok(live.target.contracts().includes(ended));
  await live.clearFlags();
  await assert.rejects(submit(live.target, p, settle(ended)), { id: 'CONTRACT_NOT_FOUND' });
  assert.equal(live.source.isDamaged(), false);
});

test('live damage: the other synchronizer of a damaged node is not concerned', async (t) => {
  const live = await Live.start(t, { target: { synchronizers: ['source', 'target'] } });
  await provoke(live);
  const manual = await live.cutOff();
  assert.ok(manual > 0);

  await live.reconnectTo('da');

  assert.deepEqual(live.target.connected(), ['da']);
});

test('live damage: after an undo a second attempt purges what is stale, imports the whole file, and is sound', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = '', r = ''] = live.parties;
  const open = [createdIn(await submit(live.source, p, create(p, q)))];
  const work = async () => {
    open.push(createdIn(await submit(live.source, p, create(p, r))));
    await submit(live.source, p, settle(open.shift()!));
  };
  await live.transfer();
  await work();
  await live.reconnect();
  await work();
  await live.undo();
  for (let n = 0; n < 3; n++) await work();
  await live.disconnect();
  const proposals = await live.propose();
  await work();
  const [group] = await live.activate(await live.sign(proposals));
  await work();
  const { ledger } = live.source.ledger;
  const wanted = new Set([...ledger.active(group!.offset)].map((slot) => ledger.contractId(slot)));
  const stale = live.target.contracts().filter((id) => !wanted.has(id));
  assert.ok(stale.length > 0);
  await live.purge(stale);
  await live.import(await live.export(group!.offset));
  assert.deepEqual(live.target.contracts().sort(), [...wanted].sort());
  await live.reconnect();
  await work();
  await live.clearFlags();
  await live.removeSource();
  await live.disconnect();
  await live.target.restart();
  await live.reconnect();

  assertEqual(live);
  assert.equal(live.target.isDamaged(), false);
});
