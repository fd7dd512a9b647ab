import assert from 'node:assert/strict';
import test from 'node:test';

import { notEqual } from '../../workflows/phases/verify.js';
import { itemsOf } from '../support/plan-parties.js';
import {
  alterContract,
  createContractOn,
  removeContract,
  stakeholdersOf,
} from '../support/ledger-changes.js';
import { callsOf, SMALL } from '../support/stack.js';
import { applyStep, compared, partyOf, startSteps } from '../support/route-steps.js';
import { failing } from '../support/failing.js';

const AFTER_TRANSFER = { upTo: 'transfer-active-contracts' } as const;
const AFTER_CUT_OVER = { upTo: 'cut-over' } as const;

test('verify: equal nodes are equal, party by party, by count and digest', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);

  const verification = await compared(migrating);

  assert.deepEqual(
    [verification.isEqual, verification.contractCount, verification.differenceCount],
    [true, 60, 0],
  );
  const parties = itemsOf(verification.parties);
  assert.equal(parties.length, 8);
  for (const { source, target, isEqual } of parties) {
    assert.deepEqual(target, source);
    assert.ok(isEqual && source.contractCount > 0 && /^[0-9a-f]{64}$/.test(source.digest));
  }
});

test('verify: comparing changes nothing', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);

  const calls = await callsOf(migrating, () => compared(migrating), { isMutating: true });

  assert.deepEqual(calls, []);
});

test('verify: a contract that is missing on the target is named with its parties', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { target } = migrating.sandbox.participants;
  const [contractId = ''] = target.contracts();
  const parties = stakeholdersOf(target, contractId);
  const { repair } = migrating.participants.get('target')!;
  await repair.purgeContracts('da', [contractId]);

  const verification = await compared(migrating);

  assert.equal(verification.isEqual, false);
  assert.deepEqual(verification.differences, [{ contractId, parties, kind: 'missing' }]);
  const { unequalParties, unequalPartyCount } = verification;
  assert.equal(unequalPartyCount, parties.length);
  assert.deepEqual(
    unequalParties.map(({ party }) => party),
    parties,
  );
  assert.deepEqual(itemsOf(verification.parties).slice(0, parties.length), unequalParties);
});

test('verify: a contract of another content is different, with the same count', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { target } = migrating.sandbox.participants;
  const [contractId = ''] = target.contracts();
  alterContract(target, contractId);

  const { differences, parties } = await compared(migrating);

  assert.deepEqual(differences, [
    { contractId, parties: stakeholdersOf(target, contractId), kind: 'different' },
  ]);
  assert.ok(
    itemsOf(parties).every(({ source, target: its }) => source.contractCount === its.contractCount),
  );
});

test('verify: a contract that only the target has is extra', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const alice = partyOf(migrating, 'Alice');
  const contractId = createContractOn(migrating.sandbox.participants.target, { parties: [alice] });

  const { differences, differenceCount } = await compared(migrating);

  assert.equal(differenceCount, 1);
  assert.deepEqual(differences, [{ contractId, parties: [alice], kind: 'extra' }]);
});

test('verify: several differences are counted and the failure names the first', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { target } = migrating.sandbox.participants;
  for (const contractId of target.contracts().slice(0, 8)) removeContract(target, contractId);

  const verification = await compared(migrating);
  const failure = notEqual(verification);

  assert.equal(verification.differenceCount, 8);
  failing(
    'NotVerified',
    'mismatch',
    '8 contracts differ',
    verification.differences[0]!.contractId,
  )(failure);
});

test('verify: a worker without the export makes it again at the pinned offset', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { act, planned, record } = migrating;
  await act.removeExport({ planHash: planned.hash, offset: record.copyOffset! });

  const verification = await compared(migrating);

  assert.equal(verification.isEqual, true);
});

test('verify: a comparison whose export breaks is no comparison', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { sandbox } = migrating;
  const breaking = { participant: 'target', afterBytes: 1 };
  // In one call, in two, in four, and one for each of the eight parties.
  for (let n = 0; n < 4; n++) sandbox.faults.breakStream('ExportAcs', breaking);

  await assert.rejects(compared(migrating), failing('Unavailable', 'transient', 'target', 'ExportAcs'));

  sandbox.faults.breakStream('ExportAcs', breaking);
  const whole = { method: 'ExportAcs', participant: 'target' };
  const calls = await callsOf(
    migrating,
    async () => {
      assert.equal((await compared(migrating)).isEqual, true);
    },
    whole,
  );
  assert.equal(calls.length, 3);
});

test('verify: after the cut-over the target hosts the parties and has their packages vetted', async (t) => {
  const migrating = await startSteps(t, AFTER_CUT_OVER);

  const [equal = '', serving = ''] = await applyStep(migrating, 'compare-after-cut-over');

  assert.match(equal, /^60 contracts equal/);
  assert.match(serving, /^8 parties local on target, 2 packages vetted/);
});

test('verify: a source that is connected again is named', async (t) => {
  const migrating = await startSteps(t, AFTER_CUT_OVER);
  const { sandbox } = migrating;
  await sandbox.participants.source.participant.node.connections.connect('acme');

  await assert.rejects(
    applyStep(migrating, 'compare-after-cut-over'),
    failing('StillConnected', 'mismatch', 'source', 'acme (connected)'),
  );
});

test('verify: a target that does not host a party or has not vetted a package is named with what it lacks', async (t) => {
  const scenario = { ...SMALL, contracts: { count: 0 } };
  const migrating = await startSteps(t, { ...AFTER_CUT_OVER, scenario });
  const { sandbox, act, planned } = migrating;
  const bob = partyOf(migrating, 'Bob');
  const nodes = {
    target: migrating.refs.target,
    synchronizerId: sandbox.synchronizers.target.info.logicalId,
  };
  await act.withdrawParties({ ...nodes, parties: [{ party: bob }] });
  const remove = planned.plan.vetting.add.map(({ packageId }) => packageId);
  await act.withdrawVetting({ ...nodes, remove });

  await assert.rejects(
    applyStep(migrating, 'compare-after-cut-over'),
    failing('TargetNotServing', 'mismatch', `hosting of ${bob}`, 'vetting of lab-', `(${remove[0]})`),
  );
});
