import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { IouCommand } from '../../loadtest/commands.js';
import { isEqual } from '../../loadtest/compare.js';
import type { Load } from '../../loadtest/load.js';
import { isGood, type LoadReport } from '../../loadtest/report.js';
import { firstParties } from '../../loadtest/participants.js';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { creation, settle, submit } from '../support/ledger-traffic.js';
import { loadParticipants, setHosts, SHARED, startLoad } from '../support/load.js';
import { reached } from '../support/reached.js';

const SMALL: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 60 } };
const SUBMIT = 'SubmitAndWaitForTransaction';

async function sandboxOf(t: TestContext, scenario = SMALL): Promise<Sandbox> {
  const sandbox = await startSandbox({ scenario });
  t.after(() => sandbox.close());
  return sandbox;
}

async function committed(load: Load, more: number): Promise<void> {
  const { total } = load.report().commands;
  await reached(() => load.report().commands.total >= total + more);
}

/** With what is wrong, if anything is. */
function assertGood(report: LoadReport): void {
  const { failures, namedFailures, comparison, retries, moves, resolvedCount } = report;
  assert.equal(
    isGood(report),
    true,
    JSON.stringify({ failures, namedFailures, comparison, retries, moves, resolvedCount }),
  );
}

test('load: what clients know is what the node has', async (t) => {
  const load = await startLoad(t, await sandboxOf(t));
  await committed(load, 60);

  const report = await load.stop();

  assertGood(report);
  const { create, transfer, settle: settled } = report.commands;
  assert.ok(create > 0 && transfer > 0 && settled > 0);
  assert.deepEqual(report.retries, {});
  assert.ok(
    report.parties.every((party) => report.comparison!.parties.some((row) => row.party === party)),
  );
});

// Committed, and no answer: the retry is a duplicate, and what it did is read from the updates.
test('load: an answer that is lost loses no command and does none twice', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  sandbox.faults.dropReply(SUBMIT, { times: 25 });
  await committed(load, 80);

  const report = await load.stop();

  assertGood(report);
  assert.equal(report.retries['UNAVAILABLE'], 25);
  assert.equal(report.resolvedCount, 25);
});

test('load: refusals that pass are tried again, with none of them abandoned', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  for (const code of ['ABORTED', 'RESOURCE_EXHAUSTED', 'DEADLINE_EXCEEDED', 'INVALID_ARGUMENT'])
    sandbox.faults.failBefore(SUBMIT, { code, times: 5 });
  await committed(load, 60);

  const report = await load.stop();

  assertGood(report);
  assert.deepEqual(report.retries, {
    ABORTED: 5,
    RESOURCE_EXHAUSTED: 5,
    DEADLINE_EXCEEDED: 5,
    INVALID_ARGUMENT: 5,
  });
});

test('load: a node that dies and comes back is waited for', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  await committed(load, 20);
  sandbox.faults.crash('source', { at: 'after', method: SUBMIT, restartAfterMs: 200 });
  await committed(load, 40);

  const report = await load.stop();

  assertGood(report);
  assert.ok(Object.keys(report.retries).length > 0);
  assert.ok(report.pauses.longestMs >= 200);
});

test('load: a comparison whose read breaks off is made again', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  await committed(load, 20);
  sandbox.faults.breakStream('GetActiveContracts', { afterBytes: 0 });

  assertGood(await load.stop());
  assert.deepEqual(sandbox.faults.pending(), []);
});

test('load: a contract that somebody took away is missing, and a client that needs it stops', async (t) => {
  const sandbox = await sandboxOf(t, { ...SMALL, contracts: { count: 4 } });
  const load = await startLoad(t, sandbox, { rate: 20 });
  await settle(sandbox.participants.source, load.parties);
  await reached(() => load.report().failureCount > 0);

  const report = await load.stop();

  assert.equal(isGood(report), false);
  assert.deepEqual(Object.keys(report.failures), ['NOT_FOUND CONTRACT_NOT_FOUND']);
  assert.ok(report.comparison!.missing > 0);
});

test('load: a contract with a note of its own that no client was told of is extra', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  await committed(load, 10);
  const [alice = '', bob = ''] = load.parties;
  await submit(sandbox.participants.source, alice, creation(alice, bob, `${load.run}: planted`));

  const { comparison } = await load.stop();

  assert.equal(isEqual(comparison!), false);
  assert.deepEqual([comparison!.missing, comparison!.extra], [0, 1]);
});

test('load: contracts of somebody else come and do no harm', async (t) => {
  const sandbox = await sandboxOf(t);
  const load = await startLoad(t, sandbox);
  const [alice = '', bob = ''] = load.parties;
  await submit(sandbox.participants.source, alice, creation(alice, bob));
  await committed(load, 10);

  const report = await load.stop();

  assertGood(report);
  assert.equal(report.comparison!.foreign, 1);
});

async function onSharedSynchronizer(t: TestContext) {
  const sandbox = await sandboxOf(t, SHARED);
  const participants = loadParticipants(t, sandbox);
  const parties = await firstParties(participants.source, 3);
  await setHosts(participants, parties, ['source', 'target']);
  const load = await startLoad(t, sandbox, { parties });
  await committed(load, 20);
  return { sandbox, participants, parties, load };
}

test('load: told to, all clients move after what is under way, and nothing is refused', async (t) => {
  const { load } = await onSharedSynchronizer(t);

  await load.switchToTarget();
  await load.switchToTarget();
  await committed(load, 20);
  const report = await load.stop();

  assertGood(report);
  assert.equal(report.serving, 'target');
  assert.deepEqual(
    report.moves.map(({ to, why }) => [to, why]),
    [['target', 'told to']],
  );
  assert.deepEqual(
    report.pauses.marks.map(({ name }) => name),
    ['switch'],
  );
});

test('load: clients that nobody told follow the refusal of a node that does not host them any more', async (t) => {
  const { load, participants, parties } = await onSharedSynchronizer(t);

  await setHosts(participants, parties, ['target']);
  await committed(load, 20);
  const report = await load.stop();

  assertGood(report);
  assert.equal(report.serving, 'target');
  assert.match(report.moves[0]!.why, /NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT/);
});

// Hosts change party by party: the contract that a transfer makes may have none of its parties on the node any more.
test('load: what a node does not show of its own transaction is read from the other one', async (t) => {
  const sandbox = await sandboxOf(t, SHARED);
  const participants = loadParticipants(t, sandbox);
  const parties = await firstParties(participants.source, 3);
  const [payer = '', newOwner = '', owner = ''] = parties;
  await setHosts(participants, parties, ['source', 'target']);
  const [source, target] = [participants.source.nodeFor(parties), participants.target.nodeFor(parties)];
  await target.readFloor();
  const submit = (commandId: string, actAs: string, command: IouCommand) =>
    source.commands.submit({ commandId, actAs: [actAs], readAs: parties, command });
  const iou = { payer, owner, amount: '1', note: '' };
  const { created } = await submit('create', payer, { kind: 'create', iou });
  await setHosts(participants, [payer, newOwner], ['target']);

  const { contractId } = created[0]!;
  const shown = await submit('transfer', owner, { kind: 'transfer', contractId, newOwner });
  const whole = await target.findUpdate(shown.updateId);

  assert.deepEqual([shown.created, shown.archived], [[], [contractId]]);
  assert.deepEqual(whole?.archived, [contractId]);
  assert.deepEqual(
    whole.created.map((its) => its.iou),
    [{ ...iou, owner: newOwner }],
  );
  assert.equal(await source.findUpdate(shown.updateId), undefined);
});

// Deduplication is per node: only the source can say whether the command was committed.
test('load: a command without an answer is decided on the source before anything goes to the target', async (t) => {
  const { sandbox, load, participants, parties } = await onSharedSynchronizer(t);

  sandbox.faults.dropReply(SUBMIT, { participant: 'source', times: 1_000 });
  await setHosts(participants, parties, ['target']);
  await committed(load, 30);
  const report = await load.stop();

  assertGood(report);
  assert.equal(report.comparison!.doubled, 0);
  assert.ok(report.resolvedCount > 0);
});

test('load: a target that does not host the parties sends clients back to the source', async (t) => {
  const sandbox = await sandboxOf(t, { ...SHARED });
  const load = await startLoad(t, sandbox);

  await load.switchToTarget();
  await committed(load, 20);
  const report = await load.stop();

  assertGood(report);
  assert.equal(report.serving, 'source');
});
