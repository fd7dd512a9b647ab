import { randomUUID } from 'node:crypto';

import type { Client, WorkflowHandle } from '@temporalio/client';

import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import { PLAN_WORKFLOW } from '../model/steering.js';
import { NoWorkerError } from './errors.js';

/** A worker takes new work at once; one that has not for this long is not there. */
const TAKEN_LIMIT_MS = 12_000;
/** Events of a workflow that no worker has taken: started, and its first task scheduled. */
const UNTAKEN_EVENTS = 2;

/** Has a worker make a plan. Fails, and leaves nothing open, if no worker takes it. */
export async function runPlan(
  client: Client,
  taskQueue: string,
  request: MigrationRequest,
): Promise<HashedPlan> {
  const handle = await client.workflow.start(PLAN_WORKFLOW, {
    args: [request],
    workflowId: `plan-migration/${request.source}/${randomUUID()}`,
    taskQueue,
    staticSummary: `Plan the migration of ${request.source} to ${request.target}`,
  });
  const stop = new AbortController();
  try {
    return await Promise.race([
      handle.result() as Promise<HashedPlan>,
      untaken(handle, taskQueue, stop.signal),
    ]);
  } finally {
    stop.abort();
  }
}

async function untaken(handle: WorkflowHandle, taskQueue: string, signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, TAKEN_LIMIT_MS);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  const { historyLength } = await handle.describe();
  if (historyLength > UNTAKEN_EVENTS) return new Promise<never>(() => undefined);
  await handle.terminate('no worker took it');
  throw new NoWorkerError(taskQueue);
}
