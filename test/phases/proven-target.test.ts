import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { movedParties } from '../../model/plan.js';
import { createContractOn, removeContract } from '../support/ledger-changes.js';
import { runTraffic, settle } from '../support/ledger-traffic.js';
import { failing } from '../support/failing.js';
import { sortedContracts } from '../support/live.js';
import { quickly } from '../support/quick-attempts.js';
import {
  applyPhase,
  applyStep,
  liveOf,
  liveRunOf,
  partyOf,
  startLiveSteps,
  startSteps,
  stepsIn,
  undoAll,
  undoPhase,
  type Migrating,
} from '../support/route-steps.js';
import { watchSwitch } from '../../workflows/phases/live/cut-over.js';
import { itemsOf } from '../support/plan-parties.js';

/** At the gate `switch`, with the backup that was taken before the target became a host. */
async function startAtSwitch(t: TestContext) {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { source, target } = migrating.sandbox.participants;
  const backup = target.backup();
  const names = stepsIn(migrating).map(({ name }) => name);
  for (const name of names.slice(names.indexOf('activate-target'), names.indexOf('move-clients')))
    await applyStep(migrating, name);
  // A node that was restored has lost its connections.
  migrating.act = quickly(migrating.activities, { attempts: 5 });
  return { migrating, source, target, backup };
}

async function connectByHand({ sandbox, planned }: Migrating, name: 'source' | 'target') {
  const { alias } = planned.plan[name].synchronizer;
  await sandbox.participants[name].participant.node.connections.connect(alias);
}

function assertHosted({ planned, sandbox }: Migrating, uids: string[]): void {
  for (const party of itemsOf(movedParties(planned.plan)))
    assert.deepEqual(sandbox.participants.source.hosts(party, 'acme').sort(), [...uids].sort(), party);
}

test('live: a target that was restored while the gate switch is open is connected by nothing that looks', async (t) => {
  const { migrating, target, backup } = await startAtSwitch(t);
  await target.restore(backup);

  await assert.rejects(
    watchSwitch(liveRunOf(migrating)),
    failing('TargetRestored', 'mismatch', 'target', 'it was compared at'),
  );

  assert.deepEqual(target.connected(), []);
});

test('live: a target that was restored at the gate switch gets its contracts again, and is compared, before the source is removed', async (t) => {
  const { migrating, source, target, backup } = await startAtSwitch(t);
  await target.restore(backup);
  await runTraffic(source, itemsOf(movedParties(migrating.planned.plan)), 4);

  await applyStep(migrating, 'move-clients');
  await applyStep(migrating, 'remove-source');

  assert.deepEqual(target.damage(), []);
  assert.deepEqual(sortedContracts(target), sortedContracts(source));
  assertHosted(migrating, [target.uid]);
});

test('live: the source stays a host beside a target that was restored and connected by hand', async (t) => {
  const { migrating, source, target, backup } = await startAtSwitch(t);
  await applyStep(migrating, 'move-clients');
  await target.restore(backup);
  await connectByHand(migrating, 'target');

  await assert.rejects(applyStep(migrating, 'remove-source'), failing('TargetExposed', 'mismatch'));

  assert.equal(migrating.migration.isPastPointOfNoReturn, false);
  assertHosted(migrating, [source.uid, target.uid]);
});

test('live: an abort leaves a target that was restored and connected by hand disconnected, and says why', async (t) => {
  const { migrating, source, target, backup } = await startAtSwitch(t);
  await target.restore(backup);
  await connectByHand(migrating, 'target');

  await undoAll(migrating);

  assert.match(liveOf(migrating.migration).leftIsolated ?? '', /connected while it was a host/);
  assert.deepEqual(target.connected(), []);
  assertHosted(migrating, [source.uid]);
});

test('live: one node repaired after the comparison keeps the source, and everything can still be taken back', async (t) => {
  const { migrating, source, target } = await startAtSwitch(t);
  await applyStep(migrating, 'move-clients');
  const [lost = ''] = target.contracts();
  removeContract(target, lost);

  // Whichever tells it first: the comparison, or the commitments of the two nodes.
  await assert.rejects(applyStep(migrating, 'remove-source'), /disagree on their contracts|missing/);

  assert.equal(migrating.migration.isPastPointOfNoReturn, false);
  assertHosted(migrating, [source.uid, target.uid]);
});

test('live: once the removal of the source may have been proposed, a difference leads nowhere back', async (t) => {
  const { migrating, source, target } = await startAtSwitch(t);
  await applyStep(migrating, 'move-clients');
  // The answer to what was proposed was lost: it may be on its way.
  liveOf(migrating.migration).isRemovalBegun = true;
  removeContract(target, target.contracts()[0]!);

  await assert.rejects(
    applyStep(migrating, 'remove-source'),
    failing('TargetChanged', 'mismatch', 'may be removed from some parties already'),
  );

  assert.equal(migrating.migration.isPastPointOfNoReturn, true);
  assertHosted(migrating, [source.uid, target.uid]);
});

test('live: whatever is wrong after the removal of the source, the point of no return stays passed', async (t) => {
  const { migrating, target, backup } = await startAtSwitch(t);
  await applyStep(migrating, 'move-clients');
  const { act } = migrating;
  migrating.act = {
    ...act,
    // The database is brought back in between.
    connectTarget: async (input) => {
      await target.restore(backup);
      return act.connectTarget(input);
    },
  };

  await assert.rejects(applyStep(migrating, 'remove-source'), failing('TargetRestored', 'mismatch'));

  assert.equal(migrating.migration.isPastPointOfNoReturn, true);
  assertHosted(migrating, [target.uid]);
});

test('cut-over: a target that was restored while it was being connected is not called stale, and no abort is possible', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { target } = migrating.sandbox.participants;
  const backup = target.backup();
  await applyPhase(migrating, 'transfer-active-contracts');
  await applyStep(migrating, 'park-source');
  migrating.migration.transfer.isConnectBegun = true;
  await target.restore(backup);
  migrating.act = quickly(migrating.activities, { attempts: 5 });

  await assert.rejects(
    applyStep(migrating, 'connect-target'),
    failing('TargetChanged', 'mismatch', 'went back'),
  );

  assert.equal(migrating.migration.isPastPointOfNoReturn, true);
});

test('cut-over: a target that was restored to before the import, once it was connected, is not connected again', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { target } = migrating.sandbox.participants;
  const backup = target.backup();
  await applyPhase(migrating, 'transfer-active-contracts');
  await applyStep(migrating, 'connect-target');
  await target.restore(backup);
  target.participant.node.connections.disconnect('da');
  migrating.act = quickly(migrating.activities, { attempts: 5 });

  await assert.rejects(
    applyStep(migrating, 'vet-packages'),
    failing('TargetRestored', 'mismatch', 'it was compared at'),
  );

  assert.deepEqual(target.connected(), []);
});

test('cut-over: a restored target that somebody connected is never called migrated', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { target } = migrating.sandbox.participants;
  const backup = target.backup();
  await applyPhase(migrating, 'transfer-active-contracts');
  await applyPhase(migrating, 'cut-over');
  await target.restore(backup);
  await connectByHand(migrating, 'target');

  await assert.rejects(applyStep(migrating, 'compare-after-cut-over'));
});

test('cut-over: a contract that is purged after the connect is named, and nothing is called migrated', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const { target } = migrating.sandbox.participants;
  const [lost = ''] = target.contracts();
  removeContract(target, lost);

  await assert.rejects(
    applyStep(migrating, 'compare-after-cut-over'),
    failing('TargetChanged', 'mismatch', lost),
  );
});

test('cut-over: what ledger transactions of the target did since the connect is no difference', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const { target } = migrating.sandbox.participants;
  await settle(target, [partyOf(migrating, 'Alice')]);

  const [equal] = await applyStep(migrating, 'compare-after-cut-over');

  assert.match(equal!, /^60 contracts equal/);
});

test('cut-over: a source that served again after it had been parked is named, also once it is disconnected', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const { source } = migrating.sandbox.participants;
  await connectByHand(migrating, 'source');
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });

  const again = () => applyStep(migrating, 'compare-after-cut-over');
  await assert.rejects(again(), failing('StillConnected', 'mismatch', 'source'));
  await migrating.participants.get('source')!.synchronizers.disconnect('acme');

  await assert.rejects(again(), failing('SourceMoved', 'mismatch', 'source'));
});

test('abort: the source does not return beside a target that was connected by hand and used', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { source, target } = migrating.sandbox.participants;
  const before = new Set(target.contracts());
  await connectByHand(migrating, 'target');
  await settle(target, [partyOf(migrating, 'Alice')]);
  const left = new Set(target.contracts());
  const used = [...before].filter((id) => !left.has(id));
  const undo = () => undoPhase(migrating, 'transfer-active-contracts');

  await assert.rejects(undo(), failing('TargetUsed', 'mismatch', used[0]!));
  assert.deepEqual([source.connected(), target.connected()], [[], []]);

  // What the failure says is the way on.
  await migrating.participants.get('source')!.repair.purgeContracts('acme', used);
  await undo();
  assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
  for (const id of used) assert.ok(!source.contracts().includes(id));
});

test('abort: a target that was connected by hand is disconnected before the source returns', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { source, target } = migrating.sandbox.participants;
  await connectByHand(migrating, 'target');
  let atReturn: string[] | undefined;
  const { act } = migrating;
  migrating.act = {
    ...act,
    purgeImported: async (input) => {
      atReturn = target.connected();
      return act.purgeImported(input);
    },
  };

  await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(atReturn, []);
  assert.deepEqual([source.contracts().length, target.contracts().length], [60, 0]);
});
