import assert from 'node:assert/strict';
import test from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import { MIGRATE_WORKFLOW } from '../../model/steering.js';
import { COLD_GATES, LIVE_GATES } from '../support/driving.js';
import { approveLive, assertServes, partiesOf, sortedContracts, startLive } from '../support/live.js';
import { runsOf } from '../support/runs.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

/** So that a migration goes on as a new run some ten times. A new run and one look at a gate have fewer. */
const LONG = 50;
await temporalServer({ longAfterEvents: LONG });

/** Fails as a node does that an operator has to look after, the first times. */
function failing(name: keyof Activities, times: number) {
  let left = times;
  return (activities: Activities) => ({
    [name]: (input: never) => {
      if (left-- > 0) throw refusal();
      return activities[name](input);
    },
  });
}

function refusal() {
  return ApplicationFailure.nonRetryable('not now', 'FailedPrecondition', { kind: 'refused' });
}

/** Stops of a step, each resumed. */
async function resumeAll({ client, until }: MigrationStack, id: string, times: number) {
  for (let at = 0; at < times; at++) {
    await until(id, ({ state }) => state === 'stopped');
    await client.resume(id, { by: 'test' });
  }
}

/** Calls that were answered, which change a node and can be made twice. */
function changesOf({ sandbox }: MigrationStack): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, participant } of sandbox.calls.list({ isMutating: true }))
    counts[`${participant} ${method}`] = (counts[`${participant} ${method}`] ?? 0) + 1;
  return counts;
}

test('continued: over another synchronizer a migration goes on as a new run at gates, stopped before and behind the point of no return, and ends as one that did not', async (t) => {
  const before = failing('ensureVetting', 8);
  const behind = failing('pingSelf', 6);
  const stack = await startMigrationStack(t, {
    change: (activities) => ({ ...before(activities), ...behind(activities) }),
  });
  const { client, approve, until, sandbox, handle } = stack;
  const contracts = sandbox.participants.source.contracts().sort();
  const id = await client.start(REQUEST);
  const ended = handle(id).result();
  await approve(id, 'root-key');
  await resumeAll(stack, id, 8);
  await approve(id, 'interrupt-service');
  await client.pause(id, { by: 'test' }).catch(() => undefined);
  await client.resume(id, { by: 'test' }).catch(() => undefined);
  await approve(id, 'cut-over');
  await resumeAll(stack, id, 6);
  const report = await client.result(id);

  const { approvals, steps } = await until(id, ({ watch }) => watch?.state === 'parked');
  assert.deepEqual(
    approvals.map(({ gate }) => gate),
    COLD_GATES,
  );
  assert.ok(steps.every(({ state }) => state === 'done'));
  assert.equal(report.verification.isEqual, true);
  assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  console.log(changesOf(stack), report.phases);
  await client.closeMigration(id, { by: 'test' });
  assert.equal(((await ended) as typeof report).closedBy, 'test');
  const runs = await runsOf(stack, id);
  console.log(runs.map(({ events, bytes }) => [events.length, bytes]));
});
