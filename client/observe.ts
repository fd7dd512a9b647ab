import { setTimeout } from 'node:timers/promises';

import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

import type { SignaturesToProvide } from '../model/ceremony.js';
import { endedStatus } from '../model/ended.js';
import { endOf } from '../model/execution.js';
import type { HashedPlan } from '../model/plan.js';
import type { AbortPreview, RunReport } from '../model/report.js';
import {
  ABORT_PREVIEW_QUERY,
  PLAN_QUERY,
  REPORT_QUERY,
  SIGNATURES_QUERY,
  STATUS_QUERY,
  TUNING_QUERY,
  type MigrationStatus,
  type TransferTuning,
} from '../model/steering.js';
import { NoWorkerError } from './errors.js';
import { readHeartbeat, withLiveProgress } from './live-progress.js';
import { startOf } from './migrations.js';
import { runOf } from './run-of.js';
import type { Execution, MigrationSnapshot, PendingStep } from './snapshot.js';

/**
 * For an update: a worker that just took the place of a killed one is asked only when Temporal has missed that, after
 * 10 s, and then replays the whole migration.
 */
export const UPDATE_LIMIT_MS = 45_000;

/** Longer than the 10 s that a query takes when the worker that had the migration in memory is gone. */
const ANSWER_LIMIT_MS = 12_000;

/**
 * For what cannot go on without the answer: a run that has ended is replayed for each query, on a busy worker
 * in 10 s and more.
 */
const NEEDED_ANSWER_LIMIT_MS = 60_000;

/** For a query that nobody is known to be there for. */
const UNLIKELY_ANSWER_LIMIT_MS = 2_000;

const WORKER_START_MS = 5_000;
const POLL_MS = 250;

/** A worker asks for work at least once a minute; one that did not for longer is gone. */
const POLL_PAUSE_LIMIT_MS = 90_000;

/** `temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW`. */
const WORKFLOW_QUEUE = 1;

/** `temporal.api.enums.v1.WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED`. */
const VERSIONED = 2;

/** Whether a worker asked for work on the task queue within the last minute and a half. */
export async function isWorkerPresent(client: Client, taskQueue: string): Promise<boolean> {
  return (await describeQueue(client, taskQueue)).pollers.length > 0;
}

/** Returns the build of the workers that ask for work and get none, because no build of them is current. */
export async function findWaitingBuild(
  client: Client,
  taskQueue: string,
): Promise<{ deploymentName: string; buildId: string } | undefined> {
  const { pollers, currentBuild } = await describeQueue(client, taskQueue);
  const builds = pollers.map(({ deploymentOptions }) => deploymentOptions);
  const isWaiting = builds.every(
    (its) => its && Number(its.workerVersioningMode) === VERSIONED && its.buildId !== currentBuild,
  );
  const { deploymentName, buildId } = builds.at(-1) ?? {};
  return isWaiting && deploymentName && buildId ? { deploymentName, buildId } : undefined;
}

/** Who asked for work within the last minute and a half, and the build that gets it, if there is one. */
async function describeQueue(client: Client, taskQueue: string) {
  const { pollers, versioningInfo } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_QUEUE,
  });
  const since = Date.now() - POLL_PAUSE_LIMIT_MS;
  return {
    pollers: (pollers ?? []).filter(({ lastAccessTime }) => millis(lastAccessTime) > since),
    currentBuild: versioningInfo?.currentDeploymentVersion?.buildId ?? undefined,
  };
}

/**
 * Whether a worker asks for work, or begins to within a few seconds: one that just started may not be listed.
 */
export async function findWorker(client: Client, taskQueue: string): Promise<boolean> {
  const deadline = Date.now() + WORKER_START_MS;
  while (!(await isWorkerPresent(client, taskQueue))) {
    if (Date.now() > deadline) return false;
    await setTimeout(POLL_MS);
  }
  return true;
}

/** Returns the task queue of a migration, which need not be the one of the client. */
export async function readTaskQueue(client: Client, id: string): Promise<string> {
  return (await (await runOf(client, id)).describe()).taskQueue;
}

/** Returns what is known of a migration. Without a worker it lacks what only the migration itself can say. */
export async function readSnapshot(client: Client, id: string): Promise<MigrationSnapshot> {
  const handle = await runOf(client, id);
  const description = await handle.describe();
  const hasPoller = await isWorkerPresent(client, description.taskQueue);
  const limitMs = hasPoller ? ANSWER_LIMIT_MS : UNLIKELY_ANSWER_LIMIT_MS;
  const status = await ask<MigrationStatus>(client, id, STATUS_QUERY, limitMs);
  const execution = executionOf(description.status.name);
  const pending = await pendingSteps(client, description);
  const told = status && withLiveProgress(status, pending);
  return {
    id,
    execution,
    startedAt: startOf(description).toISOString(),
    taskQueue: description.taskQueue,
    isWorkerPresent: status !== undefined,
    pending,
    ...(told && { status: execution === 'running' ? told : endedStatus(told, execution) }),
  };
}

/** How Temporal's name of a state is told. */
export function executionOf(name: string): Execution {
  return endOf({ name }) ?? 'running';
}

/** Returns what a migration says of itself, if a worker answers. */
export async function findStatus(client: Client, id: string): Promise<MigrationStatus | undefined> {
  return ask<MigrationStatus>(client, id, STATUS_QUERY);
}

/** Returns the plan of a migration, if it has one yet; fails if no worker answers. */
export async function readPlan(
  client: Client,
  taskQueue: string,
  id: string,
): Promise<HashedPlan | undefined> {
  return needed<HashedPlan | undefined>(client, taskQueue, id, PLAN_QUERY);
}

/** Returns what a migration says of itself; fails if no worker answers. */
export async function readStatus(
  client: Client,
  taskQueue: string,
  id: string,
): Promise<MigrationStatus> {
  return needed<MigrationStatus>(client, taskQueue, id, STATUS_QUERY);
}

/** Returns what has to be signed outside of the nodes, if a worker answers. */
export async function readSignatures(
  client: Client,
  id: string,
): Promise<SignaturesToProvide | undefined> {
  return ask<SignaturesToProvide>(client, id, SIGNATURES_QUERY);
}

/** Returns how fast a transfer may go, also before it begins; undefined if no worker answers. */
export async function readTuning(client: Client, id: string): Promise<TransferTuning | undefined> {
  return ask<TransferTuning>(client, id, TUNING_QUERY);
}

/** Returns the report of a migration, so far or at its end, if it has a plan and a worker answers. */
export async function askReport(client: Client, id: string): Promise<RunReport | undefined> {
  return ask<RunReport>(client, id, REPORT_QUERY);
}

/** Returns what an abort would take back, if a worker answers that knows the question. */
export async function askAbortPreview(client: Client, id: string): Promise<AbortPreview | undefined> {
  return ask<AbortPreview>(client, id, ABORT_PREVIEW_QUERY);
}

async function query<T>(client: Client, id: string, name: string, limitMs: number): Promise<T> {
  return client.withDeadline(Date.now() + limitMs, async () => (await runOf(client, id)).query<T>(name));
}

async function needed<T>(client: Client, taskQueue: string, id: string, name: string): Promise<T> {
  try {
    return await query<T>(client, id, name, NEEDED_ANSWER_LIMIT_MS);
  } catch (error) {
    if (isUnanswered(error)) throw new NoWorkerError(taskQueue);
    throw error;
  }
}

async function ask<T>(
  client: Client,
  id: string,
  name: string,
  limitMs = ANSWER_LIMIT_MS,
): Promise<T | undefined> {
  try {
    return await query<T>(client, id, name, limitMs);
  } catch (error) {
    // A run that is about to take over answers only how it stands.
    if (isUnanswered(error) || (error as Error).name === 'QueryNotRegisteredError') return undefined;
    throw error;
  }
}

/** gRPC: deadline exceeded, cancelled, or a worker that just now cannot answer. */
const UNANSWERED = new Set([1, 4, 9, 14]);

function isUnanswered(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'number' && UNANSWERED.has(code)) return true;
  }
  return false;
}

async function pendingSteps(
  client: Client,
  { raw }: WorkflowExecutionDescription,
): Promise<PendingStep[]> {
  return Promise.all(
    (raw.pendingActivities ?? []).map(async ({ heartbeatDetails, lastFailure, ...activity }) => {
      const progress = readHeartbeat((await opened(client, heartbeatDetails?.payloads?.[0]))?.data);
      const failure = await failureMessage(client, lastFailure);
      const next = activity.nextAttemptScheduleTime;
      return {
        step: activity.activityType?.name ?? '',
        attempt: activity.attempt ?? 1,
        ...(progress !== undefined && { progress }),
        ...(failure && { lastFailure: failure }),
        ...(next && { nextAttemptAt: new Date(millis(next)).toISOString() }),
      };
    }),
  );
}

/** Of a failure whose message is encrypted, what the worker said. */
async function failureMessage(
  client: Client,
  failure: { message?: string | null; encodedAttributes?: Payload | null } | null | undefined,
): Promise<string | undefined> {
  const { encodedAttributes, message } = failure ?? {};
  if (!encodedAttributes) return message ?? undefined;
  const attributes = await opened(client, encodedAttributes);
  return (readHeartbeat(attributes?.data) as { message?: string } | undefined)?.message;
}

/** What the SDK hands out as it came from Temporal. */
async function opened(
  { options: { loadedDataConverter } }: Client,
  payload: Payload | null | undefined,
): Promise<Payload | undefined> {
  if (!payload) return undefined;
  let payloads = [payload];
  for (const codec of loadedDataConverter.payloadCodecs.toReversed())
    payloads = await codec.decode(payloads);
  return payloads[0];
}

interface Timestamp {
  seconds?: { toNumber(): number } | number | null;
  nanos?: number | null;
}

function millis(time: Timestamp | null | undefined): number {
  const seconds = time?.seconds ?? 0;
  return (typeof seconds === 'number' ? seconds : seconds.toNumber()) * 1000 + (time?.nanos ?? 0) / 1e6;
}
