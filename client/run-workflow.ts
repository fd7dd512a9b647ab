import { randomUUID } from 'node:crypto';

import type { Client, WorkflowHandle } from '@temporalio/client';

import { MigrationError, NoWorkerError } from './errors.js';
import { findWaitingBuild } from './observe.js';

/** A worker takes new work at once; one that has not for this long is not there. */
const TAKEN_LIMIT_MS = 12_000;
/** Events of a workflow that no worker has taken: started, and its first task scheduled. */
const UNTAKEN_EVENTS = 2;

/** A workflow that somebody waits for. */
interface Run {
  type: string;
  input: unknown;
  /** The workflow id without its last part, which is new each time. */
  idStart: string;
  taskQueue: string;
  staticSummary: string;
}

/** Has a worker run a workflow and returns its result. Fails, and leaves nothing open, if no worker takes it. */
export async function runWorkflow<Result>(
  client: Client,
  { type, input, idStart, taskQueue, staticSummary }: Run,
): Promise<Result> {
  const handle = await client.workflow.start(type, {
    args: [input],
    workflowId: `${idStart}/${randomUUID()}`,
    taskQueue,
    staticSummary,
  });
  const stop = new AbortController();
  try {
    const outcome = await Promise.race([
      handle.result().then((result) => ({ result: result as Result })),
      whenUntaken(handle, stop.signal),
    ]);
    if (outcome !== UNTAKEN) return outcome.result;
  } finally {
    stop.abort();
  }
  const why = await whyUntaken(client, taskQueue);
  await handle.terminate('no worker took it');
  throw why;
}

const UNTAKEN = 'untaken';

async function whenUntaken(handle: WorkflowHandle, signal: AbortSignal): Promise<typeof UNTAKEN> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, TAKEN_LIMIT_MS);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  const { historyLength } = await handle.describe();
  return historyLength > UNTAKEN_EVENTS ? new Promise<never>(() => undefined) : UNTAKEN;
}

/** A worker that asks for work and gets none is of a build that is not current. */
async function whyUntaken(client: Client, taskQueue: string): Promise<MigrationError> {
  const waiting = await findWaitingBuild(client, taskQueue);
  if (!waiting) return new NoWorkerError(taskQueue);
  const { deploymentName, buildId } = waiting;
  return new MigrationError(
    'unexpected',
    'BuildNotCurrent',
    `the worker on task queue ${taskQueue} is build ${buildId} of deployment ${deploymentName}, which is not current`,
    `temporal worker deployment set-current-version --deployment-name ${deploymentName} --build-id ${buildId}`,
  );
}
