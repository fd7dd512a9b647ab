import assert from 'node:assert/strict';
import test from 'node:test';

import { RARER } from '../support/boundaries.js';
import { apply, copyAhead } from '../../workflows/phases/transfer-active-contracts.js';
import { compare } from '../../workflows/phases/verify.js';
import { createContractOn, removeContract } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST, SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { type Migrating, partyOf, startSteps, undoPhase } from '../support/route-steps.js';

const WARM = {
  upTo: 'migrate-local-state',
  request: { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' } },
} as const;

const contracts = ({ sandbox: { participants } }: Migrating) => ({
  source: participants.source.contracts().sort(),
  target: participants.target.contracts().sort(),
});

/** Creates as many contracts on the serving source and archives as many others; returns the created ones. */
function churn(migrating: Migrating, count: number): string[] {
  const { source } = migrating.sandbox.participants;
  const parties = [partyOf(migrating, 'Alice')];
  for (const contractId of source.contracts().slice(0, count)) removeContract(source, contractId);
  return Array.from({ length: count }, () => createContractOn(source, { parties }));
}

async function assertEqual(migrating: Migrating): Promise<void> {
  const { act, planned, record } = migrating;
  const { isEqual, contractCount } = await compare(planned, act, record);
  assert.equal(isEqual, true);
  assert.equal(contractCount, contracts(migrating).source.length);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
}

test('warm copy: the contracts are on the target while the source serves', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { sandbox, act, planned, record } = migrating;

  await copyAhead(planned, act, record);

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
  assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
  assert.deepEqual(sandbox.participants.target.connected(), []);
});

test('warm copy: what was created and archived since is caught up with, also after the freeze', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { act, planned, record } = migrating;
  await copyAhead(planned, act, record);
  churn(migrating, 5);

  const [copied, caughtUp] = await apply(planned, act, record);

  assert.match(copied ?? '', /^60 contracts imported in 1 call/);
  assert.match(caughtUp ?? '', /5 contracts imported, 5 purged/);
  assert.equal(record.caughtUpOffset, record.pinnedOffset);
  await assertEqual(migrating);
});

test('warm copy: a contract that came and went in between never reaches the target', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { sandbox, act, planned, record } = migrating;
  await copyAhead(planned, act, record);
  const [transient = ''] = churn(migrating, 1);
  removeContract(sandbox.participants.source, transient);

  const calls = await callsOf(migrating, () => apply(planned, act, record), { isMutating: true });

  assert.equal(sandbox.participants.target.ledger.ledger.find(transient), undefined);
  assert.equal(calls.filter(({ method }) => method === 'ImportAcs').length, 0);
  await assertEqual(migrating);
});

test('warm copy: each node is exported once, the rest comes from its update stream', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { act, planned, record } = migrating;

  const calls = await callsOf(migrating, async () => {
    await copyAhead(planned, act, record);
    churn(migrating, 3);
    await apply(planned, act, record);
  });

  const exports = calls.filter(({ method }) => method === 'ExportAcs');
  assert.deepEqual(exports.map(({ participant }) => participant).sort(), ['source', 'target']);
});

test('warm copy: a catch-up cut off between import and purge is repeated', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { sandbox, act, planned, record } = migrating;
  await copyAhead(planned, act, record);
  churn(migrating, 5);
  sandbox.faults.failBefore('PurgeContracts');

  await assert.rejects(
    apply(planned, act, record),
    failing('Unavailable', 'transient', 'PurgeContracts'),
  );
  await apply(planned, act, record);

  await assertEqual(migrating);
});

test('warm copy: a purge whose answer was lost is repeated', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { sandbox, act, planned, record } = migrating;
  await copyAhead(planned, act, record);
  churn(migrating, 5);
  sandbox.faults.dropReply('PurgeContracts');

  await assert.rejects(apply(planned, act, record));
  await apply(planned, act, record);

  await assertEqual(migrating);
});

test('warm copy: a contract with a stakeholder the plan does not know is refused by a catch-up and not imported', async (t) => {
  const migrating = await startSteps(t, WARM);
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  await copyAhead(planned, act, record);
  const [foreign] = source.parties('acme').filter(({ party }) => party.startsWith('counterparty'));
  const shared = createContractOn(source, {
    parties: [partyOf(migrating, 'Alice'), foreign!.party],
  });

  await assert.rejects(apply(planned, act, record), failing('ContractShared', 'refused', shared));

  assert.ok(!contracts(migrating).target.includes(shared));
});

test('warm copy: undo takes it off the target, before the freeze and after it', async (t) => {
  for (const isFrozen of [false, true]) {
    const migrating = await startSteps(t, WARM);
    const { act, planned, record } = migrating;
    const before = (await snapshotOf(migrating)).target;
    await copyAhead(planned, act, record);
    churn(migrating, 4);
    if (isFrozen) await apply(planned, act, record);

    await undoPhase(migrating, 'transfer-active-contracts');

    assert.deepEqual((await snapshotOf(migrating)).target, before);
    assert.deepEqual(migrating.sandbox.participants.source.connected(), ['acme']);
  }
});

test('warm copy: thousands of changes go in windows', RARER, async (t) => {
  const migrating = await startSteps(t, { ...WARM, scenario: { ...SMALL, contracts: { count: 60 } } });
  const { act, planned, record } = migrating;
  await copyAhead(planned, act, record);
  const { source } = migrating.sandbox.participants;
  const parties = [partyOf(migrating, 'Alice')];
  for (let count = 0; count < 10_500; count++) createContractOn(source, { parties });

  await apply(planned, act, record);

  assert.equal(
    record.catchUps.reduce((sum, { created }) => sum + created, 0),
    10_500,
  );
  await assertEqual(migrating);
});
