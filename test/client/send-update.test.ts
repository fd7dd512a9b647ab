import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';

import { NativeConnection, Worker } from '@temporalio/worker';

import { MigrationClient } from '../../client/index.js';
import { sendUpdate } from '../../client/send-update.js';
import { ABORT_UPDATE, MIGRATE_WORKFLOW } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { connectTemporal, eventually } from '../support/driving.js';
import { temporalServer } from '../support/temporal.js';

/** An update that Temporal answers at once with failed precondition, from this attempt of a task on. */
const FAILED_ATTEMPTS = 3;

/** A worker whose code does, or does not, know the workflow of a migration. */
async function startWorker(
  t: TestContext,
  taskQueue: string,
  name: string,
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: (await temporalServer()).address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL(`../support/${name}.ts`, import.meta.url)),
  });
  const running = worker.run();
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  t.after(async () => {
    await stop();
    await connection.close();
  });
  return stop;
}

test(
  'send-update: an abort that Temporal drops, because the task of the migration fails, is sent again and comes in once a worker can take it; else it is told that nothing came of it',
  // Temporal lets such a task wait for ever longer.
  RARER,
  async (t) => {
    const temporal = await connectTemporal(t);
    const taskQueue = randomUUID();
    const handle = await temporal.workflow.start(MIGRATE_WORKFLOW, {
      taskQueue,
      workflowId: taskQueue,
    });
    t.after(() => handle.terminate().catch(() => undefined));
    const stopBroken = await startWorker(t, taskQueue, 'failing-workflow');
    await eventually('a task that fails', async () => {
      const { raw } = await handle.describe();
      return (raw.pendingWorkflowTask?.attempt ?? 0) >= FAILED_ATTEMPTS ? true : undefined;
    });
    const abort = { name: ABORT_UPDATE, updateId: ABORT_UPDATE, input: { by: 'ada' } };

    await assert.rejects(sendUpdate(temporal, handle.workflowId, { ...abort, limitMs: 1_000 }), {
      type: 'UpdateNotTaken',
      message:
        /^no worker took the abort, and nothing came of it: Temporal says: .*Task in failed state/,
    });

    const aborted = MigrationClient.over(temporal).abort(handle.workflowId, { by: 'ada' });
    await stopBroken();
    await startWorker(t, taskQueue, 'abortable-workflow');
    await aborted;
    assert.equal(await handle.result(), 'ada');
  },
);
