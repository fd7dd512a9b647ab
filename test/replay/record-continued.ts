/**
 * Records into `histories/` what a migration leaves that goes on as new runs, on a server that has it do so
 * soon: `node --import tsx --test test/replay/record-continued.ts`. As with `record.ts`, only for a new
 * version of the workflow.
 */
import test from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import { runsOf } from '../support/runs.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';
import { writeHistory } from './recording.js';

await temporalServer({ longAfterEvents: 60 });

/** Writes the run of this place in the chain; the last one is -1. */
async function record(name: string, stack: MigrationStack, id: string, at: number) {
  const { handle } = (await runsOf(stack, id)).at(at)!;
  await writeHistory(name, handle);
}

/** Repeats it until the migration has gone on as a new run. */
async function untilContinued(stack: MigrationStack, id: string, repeat: () => Promise<void>) {
  const { runId } = await stack.handle(id).describe();
  while ((await stack.handle(id).describe()).runId === runId) await repeat();
}

test('record: at a gate, stopped, and in the source watch', async (t) => {
  let isRefusing = true;
  const stack = await startMigrationStack(t, {
    change: (activities) => ({
      ensureVetting: (input) => {
        if (!isRefusing) return activities.ensureVetting(input);
        throw ApplicationFailure.nonRetryable('not now', 'FailedPrecondition', { kind: 'refused' });
      },
    }),
  });
  const { client, until, approve } = stack;
  const by = { by: 'recorder' };
  const id = await client.start(REQUEST);
  await until(id, ({ gate }) => gate?.name === 'root-key');
  await untilContinued(stack, id, async () => {
    await client.pause(id, by);
    await client.resume(id, by);
  });
  await record('continued-at-gate', stack, id, -2);
  await approve(id, 'root-key');
  await until(id, ({ state }) => state === 'stopped');
  await untilContinued(stack, id, async () => {
    await client.resume(id, by);
    await until(id, ({ state }) => state === 'stopped');
  });
  await record('continued-stopped', stack, id, -2);
  isRefusing = false;
  await client.resume(id, by);
  await approve(id, 'interrupt-service');
  await approve(id, 'cut-over');
  await until(id, ({ watch }) => watch?.state === 'parked');
  await client.closeMigration(id, by);
  await record('continued', stack, id, -1);
});
