import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';

import { nothingMade } from '../../model/made.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { apply } from '../../workflows/phases/transfer-active-contracts.js';
import { createContractOn } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { reached } from '../support/reached.js';
import { REQUEST, SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partyOf, startSteps, unhurried, undoPhase } from '../support/route-steps.js';

const BEFORE = { upTo: 'migrate-local-state' } as const;
const AFTER = { upTo: 'transfer-active-contracts' } as const;

test('transfer-active-contracts: undo leaves both nodes as they were before', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, planned, record, spoolFolder } = migrating;
  const before = await snapshotOf(migrating);

  await apply(planned, act, record);
  const changed = await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(await snapshotOf(migrating), before);
  assert.deepEqual(readdirSync(spoolFolder), []);
  assert.deepEqual(changed, [
    'source connected and serving again',
    '60 contracts purged from target',
    'target connected as before',
  ]);
});

test('transfer-active-contracts: undo puts the source into service before it touches the target', async (t) => {
  const migrating = await startSteps(t, AFTER);

  const calls = await callsOf(migrating, () => undoPhase(migrating, 'transfer-active-contracts'), {
    isMutating: true,
  });

  const order = calls.map(({ participant, method }) => `${participant} ${method}`);
  assert.deepEqual(
    order.filter((name) => !name.endsWith('ImportAcs')),
    [
      'target DisconnectSynchronizer',
      'source SetResourceLimits',
      'source ModifySynchronizer',
      'source ReconnectSynchronizer',
      'target DisconnectSynchronizer',
      'target PurgeContracts',
      'target ModifySynchronizer',
      'target ReconnectSynchronizer',
    ],
  );
});

test('transfer-active-contracts: undo after an interruption of the import leaves both nodes as before', async (t) => {
  const migrating = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, contracts: { count: 1_250 } },
  });
  const { sandbox, act, planned, record } = migrating;
  const before = await snapshotOf(migrating);
  sandbox.faults.crash('target', { at: 'during', method: 'ImportAcs', afterBytes: 1, skip: 1 });
  await assert.rejects(apply(planned, act, record));
  await sandbox.participants.target.restart();

  await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(await snapshotOf(migrating), before);
});

// An attempt that was cancelled goes on inside the target; a purge meanwhile would end its process.
test('transfer-active-contracts: undo waits for an import that is still running', async (t) => {
  const timing = { ...QUICK_TIMING, importCallMs: 700 };
  const migrating = await startSteps(t, { ...BEFORE, scenario: { ...SMALL, timing } });
  const { sandbox, act, planned, record } = migrating;
  const before = await snapshotOf(migrating);
  const applying = apply(planned, act, record);
  await reached(() => sandbox.calls.list({ method: 'ImportAcs' }).length === 1);

  await undoPhase(migrating, 'transfer-active-contracts');
  await applying;

  assert.equal(sandbox.participants.target.isUp, true);
  assert.deepEqual(await snapshotOf(migrating), before);
});

test('transfer-active-contracts: undo is repeated without a change, also after each lost reply', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const before = await snapshotOf(migrating);
  await apply(planned, act, record);

  const lost = { source: 'ReconnectSynchronizer', target: 'PurgeContracts' };
  for (const [participant, method] of Object.entries(lost)) {
    sandbox.faults.dropReply(method, { participant });
    await assert.rejects(
      undoPhase(migrating, 'transfer-active-contracts'),
      failing('Unavailable', 'transient', method),
    );
  }
  await undoPhase(migrating, 'transfer-active-contracts');
  await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(await snapshotOf(migrating), before);
});

test('transfer-active-contracts: contracts that others created on the target are not purged', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  const others = createContractOn(target, { parties: [partyOf(migrating, 'Alice')] });
  await apply(planned, act, record);
  assert.equal(target.contracts().length, 61);

  await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(target.contracts(), [others]);
});

test('transfer-active-contracts: a second migration after an undo imports the contracts again', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { sandbox, act } = migrating;
  const { source, target } = sandbox.participants;
  await undoPhase(migrating, 'transfer-active-contracts');
  const added = createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });

  const second = unhurried(await act.readPlan(REQUEST));
  assert.deepEqual(second.plan.obstacles, []);
  await apply(second, act, { catchUps: [], made: nothingMade() });

  assert.ok(target.contracts().includes(added));
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});

test('transfer-active-contracts: what was connected by hand before is left to be connected by hand', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, participants, record } = migrating;
  await participants.get('source')!.synchronizers.setManualConnect('acme', true);
  const planned = unhurried(await act.readPlan(REQUEST));
  const before = await snapshotOf(migrating);

  await apply(planned, act, record);
  await undoPhase({ ...migrating, planned }, 'transfer-active-contracts');

  const { connections } = (await snapshotOf(migrating)).source;
  assert.deepEqual(connections, [{ alias: 'acme', isConnected: true, isManualConnect: true }]);
  assert.deepEqual(connections, before.source.connections);
});

test('transfer-active-contracts: a synchronizer that was unregistered meanwhile is named', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { planned } = migrating;
  const gone = { alias: 'gone', isConnected: true, isManualConnect: false };
  const source = { ...planned.plan.source, connections: [gone] };

  await assert.rejects(
    undoPhase(
      { ...migrating, planned: { ...planned, plan: { ...planned.plan, source } } },
      'transfer-active-contracts',
    ),
    failing('SynchronizerGone', 'refused', 'source', 'gone'),
  );
});
