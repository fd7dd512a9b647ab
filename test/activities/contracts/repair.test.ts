import assert from 'node:assert/strict';
import test from 'node:test';

import { compare, repair } from '../../../workflows/phases/verify.js';
import { alterContract, createContractOn, removeContract } from '../../support/ledger-changes.js';
import { callsOf } from '../../support/stack.js';
import { failing } from '../../support/failing.js';
import { type Migrating, applyPhase, partyOf, startSteps, undoAll } from '../../support/route-steps.js';

const AFTER = { upTo: 'transfer-active-contracts' } as const;

async function assertEqual(migrating: Migrating): Promise<void> {
  const { act, planned, record, sandbox } = migrating;
  const { isEqual } = await compare(planned, act, record);
  assert.equal(isEqual, true);
  const { source, target } = sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
}

/** A contract of an earlier migration's import, which the source does not have. */
function addImported(migrating: Migrating): string {
  const workflowId = 'mig-0123456789abcdef-0-500';
  const { target } = migrating.sandbox.participants;
  return createContractOn(target, { parties: [partyOf(migrating, 'Alice')], workflowId });
}

test('repair: missing contracts are imported again and extra ones purged, nothing else', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  for (const contractId of target.contracts().slice(0, 7)) removeContract(target, contractId);
  const extra = addImported(migrating);

  const calls = await callsOf(migrating, () => repair(planned, act, record), { isMutating: true });

  assert.deepEqual(
    calls.map(({ method }) => method),
    ['ImportAcs', 'PurgeContracts'],
  );
  assert.ok(!target.contracts().includes(extra));
  await assertEqual(migrating);
});

test('repair: of equal nodes it changes nothing', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { act, planned, record } = migrating;

  const calls = await callsOf(migrating, () => repair(planned, act, record), { isMutating: true });

  assert.deepEqual(calls, []);
});

test('repair: different content is named and never touched', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  const [altered = '', missing = ''] = target.contracts();
  alterContract(target, altered);
  removeContract(target, missing);

  const calls = await callsOf(
    migrating,
    () => assert.rejects(repair(planned, act, record), failing('ContractsDiffer', 'mismatch', altered)),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
});

test('repair: cut off after a part, it is repeated', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  for (const contractId of target.contracts().slice(0, 3)) removeContract(target, contractId);
  addImported(migrating);
  sandbox.faults.dropReply('ImportAcs');

  await assert.rejects(repair(planned, act, record));
  await repair(planned, act, record);

  await assertEqual(migrating);
});

test('repair: a target that somebody connected is not touched', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  removeContract(target, target.contracts()[0]!);
  await target.participant.node.connections.connect('da');

  await assert.rejects(repair(planned, act, record), failing('StillConnected', 'mismatch', 'da'));
});

// The target hosts the parties, connected, while the gates before the freeze are open: a client uses it there.
test('repair: a contract that was created on the target is named and never purged, whatever else differs', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { act, planned, record, sandbox } = migrating;
  const { target } = sandbox.participants;
  // Of an application whose workflow ids look nearly like ours.
  const live = createContractOn(target, {
    parties: [partyOf(migrating, 'Alice')],
    workflowId: 'mig-2026',
  });
  await applyPhase(migrating, 'transfer-active-contracts');
  const extra = addImported(migrating);
  removeContract(
    target,
    target.contracts().find((id) => id !== live && id !== extra)!,
  );

  const calls = await callsOf(
    migrating,
    () =>
      assert.rejects(
        repair(planned, act, record),
        failing('ContractsCreatedOnTarget', 'mismatch', '1 contracts', 'target', live),
      ),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
  await undoAll(migrating);
  assert.deepEqual(target.contracts().sort(), [live, extra].sort());
});
