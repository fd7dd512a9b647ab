import assert from 'node:assert/strict';
import test from 'node:test';

import { exportInput } from '../../../workflows/phases/export-input.js';
import { apply } from '../../../workflows/phases/transfer-active-contracts.js';
import { attempt } from '../../support/attempt.js';
import { REQUEST, startStack } from '../../support/stack.js';
import { startSteps } from '../../support/route-steps.js';

/** What the heartbeats say about, each once. */
const subjects = (heartbeats: unknown[]) =>
  new Set(heartbeats.flatMap((details) => Object.keys(details as object)));

test('progress: a plan says what it is reading', async (t) => {
  const { activities } = await startStack(t);

  const { result, heartbeats } = attempt(activities, 'readPlan', REQUEST);
  await result;

  const read = heartbeats.flatMap((its) => (its as { reading?: string }).reading ?? []);
  const said = [...new Set(read)];
  assert.deepEqual(said, [
    'both participants',
    'active contracts',
    'DARs and vetted packages',
    'users, identity providers and annotations',
    'whether target would vet lab-extra 1.0.0',
    'whether target would vet lab-other 1.0.0',
  ]);
});

test('progress: the transfer says what it waits for, how many contracts it has and how fast', async (t) => {
  const { act, planned, record, heartbeats } = await startSteps(t, { upTo: 'migrate-local-state' });

  await apply(planned, act, record);

  const said = subjects(heartbeats);
  for (const subject of ['waitingFor', 'quietSeconds', 'imported', 'of', 'exported', 'perSecond'])
    assert.ok(said.has(subject), `${subject} in ${[...said].join()}`);
  assert.ok(heartbeats.some((its) => (its as { imported?: number }).imported === 60));
});

test('progress: heartbeats repeat during one long call', async (t) => {
  const { sandbox, activities, planned, record } = await startSteps(t, {
    upTo: 'transfer-active-contracts',
  });
  sandbox.faults.delay('ExportAcs', 2500, { participant: 'target' });

  const { result, heartbeats } = attempt(
    activities,
    'compareActiveContracts',
    exportInput(planned, record.pinnedOffset!),
  );
  await result;

  const repeated = heartbeats.filter((its) => JSON.stringify(its).startsWith('{"compared":0'));
  assert.ok(repeated.length >= 2, JSON.stringify(heartbeats));
});

test('progress: a failed activity stops its heartbeats', async (t) => {
  const { activities } = await startStack(t);
  t.mock.timers.enable({ apis: ['setInterval'] });

  const { result, heartbeats } = attempt(activities, 'readPlan', {});
  t.mock.timers.tick(2000);
  await assert.rejects(result);
  const before = heartbeats.length;
  t.mock.timers.tick(10_000);

  assert.deepEqual([before, heartbeats.length], [2, 2]);
});

test('progress: nothing of a contract or a party is in a heartbeat', async (t) => {
  const { sandbox, act, planned, record, heartbeats } = await startSteps(t, {
    upTo: 'migrate-local-state',
  });

  await apply(planned, act, record);

  const text = JSON.stringify(heartbeats);
  const [contractId = ''] = sandbox.participants.source.contracts();
  assert.ok(!text.includes(contractId) && !text.includes('Alice'));
});
