import { Context, sleep } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';

import type { Delegated, LostRun } from '../../model/lost-run.js';
import { isBegun, isLost, whereItStood } from '../../model/lost-run.js';
import { migrationOf, type Carried } from '../../model/carried.js';
import { CLAIM_WORKFLOW, isNodeClaim } from '../../model/claim.js';
import { refused, transient } from '../../model/failure.js';
import { endOf, isOpen } from '../../model/execution.js';
import { migrationId } from '../../model/plan.js';
import { PLANNED_MEMO, type PlannedMemo } from '../../model/planned.js';
import type { MigrationRequest } from '../../model/request.js';
import { CARRIED_QUERY, MIGRATE_WORKFLOW, TAKE_OVER_UPDATE } from '../../model/steering.js';
import type { NodeUids } from '../nodes/claims.js';
import { eventOf } from './continuation.js';
import { progress } from './progress.js';

/** The list of runs is behind by a moment: one that a run is not in yet itself may lack others, too. */
const LIST_LIMIT_MS = 60_000;
const POLL_MS = 500;
/** A run that has ended is replayed for the query, on a busy worker for a while. */
const QUERY_LIMIT_MS = 60_000;
/** gRPC: a query that no worker answered, and one that the run itself, or Temporal, refuses. */
const UNANSWERED: readonly unknown[] = [1, 4, 8, 14];

/** The only one that a run begun by Reset may ask for. */
const OF_RESET_RUNS = 'readLostRun';

const resets = new Map<string, Promise<boolean>>();
const RESETS_KEPT = 10_000;

/**
 * Fails with `RunReset` for an attempt that a migration begun by Temporal's Reset scheduled.
 *
 * Such a run repeats a part of another one, and knows nothing of what that did afterwards. Temporal schedules
 * its activities anew, and sends it approvals anew that were given to the other one.
 */
export async function assertNotReset(activity: string): Promise<void> {
  const { workflowExecution, workflowType } = Context.current().info;
  if (!workflowExecution || workflowType !== MIGRATE_WORKFLOW || activity === OF_RESET_RUNS) return;
  const { workflowId, runId } = workflowExecution;
  if (!(await isReset(workflowId, runId))) return;
  await tellReset(workflowId, runId);
  const why = `run ${runId} was begun by Temporal's Reset, and does not know what was done since`;
  throw refused('RunReset', `${why}: ${activity} was not begun`);
}

/** It waits for that, wherever it is. */
async function tellReset(workflowId: string, runId: string): Promise<void> {
  const { client } = Context.current();
  try {
    await client.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
      client.workflow
        .getHandle(workflowId, runId)
        .executeUpdate(TAKE_OVER_UPDATE, { updateId: `${TAKE_OVER_UPDATE}/${runId}` }),
    );
  } catch (error) {
    // It has ended, or has continued as new: it was told.
    if (error instanceof WorkflowNotFoundError || (error as Error).name === 'WorkflowUpdateFailedError')
      return;
    throw transient('Unavailable', `run ${runId} does not answer: ${(error as Error).message}`);
  }
}

/** What a run was begun by never changes, so it is asked once. */
async function isReset(workflowId: string, runId: string): Promise<boolean> {
  const known = resets.get(runId);
  if (known) return known;
  const read = readIsReset(workflowId, runId);
  if (resets.size >= RESETS_KEPT) resets.clear();
  resets.set(runId, read);
  read.catch(() => resets.delete(runId));
  return read;
}

async function readIsReset(workflowId: string, runId: string): Promise<boolean> {
  const started = (await eventOf(workflowId, runId, 'first'))?.workflowExecutionStartedEventAttributes;
  return started !== undefined && started !== null && started.originalExecutionRunId !== runId;
}

/** What Temporal knows of the runs of a migration before the one that asks. */
export function runActivities() {
  return {
    /**
     * Returns the last run of this migration before the one that asks that had a plan, and what it left; nothing
     * if there was none.
     *
     * It has ended, and answers all the same: Temporal replays its history for that. Runs begun by Reset are
     * left out, because they change nothing, and so is one that was given a state and never proved whose it was.
     * Of one that had another run migrate, only which. Fails with `LostRunUnreadable`.
     */
    async readLostRun(): Promise<LostRun | Delegated | undefined> {
      return findLostRun();
    },

    /**
     * Fails with `MigrationLost` if a migration that had one of these nodes was ended from outside after its first
     * change: what it left is on the nodes yet. Whoever asks has both nodes, so that no other one ends meanwhile.
     */
    async readNothingLeft({ sourceUid, targetUid }: NodeUids): Promise<void> {
      assertNothingLost(await findLostRun());
      assertNothingLost(await lastWithPlan(await allRuns(migrationId(targetUid))));
      for (const uid of [sourceUid, targetUid])
        for (const last of await lastWithTarget(uid)) assertNothingLost(last);
    },
  };
}

/**
 * What migrations left that had this node as their target: their claims to it name them. Also where one is open
 * again: it has yet to claim the node, and then goes on from what the lost run left.
 */
async function lastWithTarget(uid: string): Promise<LostRun[]> {
  const claims = (await allRuns(migrationId(uid))).filter(({ type }) => type === CLAIM_WORKFLOW);
  const holders = new Set(claims.map(({ memo }) => memo).map((it) => isNodeClaim(it) && it.holder));
  const found: LostRun[] = [];
  for (const holder of holders) {
    const last = holder ? await lastWithPlan(await allRuns(holder)) : undefined;
    if (!last || 'delegatedTo' in last) continue;
    if (migrationOf(last.carried).hashed?.plan.target.uid === uid) found.push(last);
  }
  return found;
}

/** Of a workflow id, the newest first. */
async function allRuns(workflowId: string): Promise<Listed[]> {
  const newest = await describe({ workflowId });
  return newest ? runsUpTo(workflowId, newest.runId) : [];
}

type Listed = Awaited<ReturnType<typeof listRuns>>[number];

async function findLostRun(): Promise<LostRun | Delegated | undefined> {
  const { workflowId, runId } = Context.current().info.workflowExecution!;
  return lastWithPlan(await runsUpTo(workflowId, runId));
}

/** Of the runs among these that have ended; the newest come first. */
async function lastWithPlan(runs: readonly Listed[]): Promise<LostRun | Delegated | undefined> {
  const { taskQueue } = Context.current().info;
  for (const listed of runs) {
    if (listed.type !== MIGRATE_WORKFLOW || listed.taskQueue !== taskQueue) continue;
    // The list is behind: what it calls open may have ended since, with a plan that it does not show yet.
    const run = await describe(listed);
    if (!run || isOpen(run.status)) continue;
    if (await isReset(run.workflowId, run.runId)) continue;
    const left = await readLeft(run);
    const delegatedTo = left?.carried[0].delegatedTo;
    if (delegatedTo !== undefined) return { delegatedTo };
    const planned = run.memo?.[PLANNED_MEMO] as PlannedMemo | undefined;
    if (!planned || !left?.carried[1]) continue;
    return {
      runId: run.runId,
      end: endOf(run.status) ?? 'terminated',
      closedAt: (run.closeTime ?? new Date()).toISOString(),
      planned,
      ...left,
    };
  }
  return undefined;
}

function assertNothingLost(last: LostRun | Delegated | undefined): void {
  if (!last || 'delegatedTo' in last || !isLost(last)) return;
  const migration = migrationOf(last.carried);
  if (!isBegun(migration)) return;
  const { source, target } = migration.hashed!.plan;
  throw refused(
    'MigrationLost',
    `the migration from ${source.name} to ${target.name} was ended from outside (${last.end}, run ${last.runId}): it ${whereItStood(migration)}. Nothing was taken back, and nothing was changed now; next: canton-migrate recover ${migration.workflowId}`,
  );
}

async function runsUpTo(workflowId: string, runId: string): Promise<Listed[]> {
  for (const deadline = Date.now() + LIST_LIMIT_MS; ; await sleep(POLL_MS)) {
    const runs = await listRuns(workflowId);
    const its = runs.find((one) => one.runId === runId);
    const before = runs.filter((one) => one !== its && one.startTime <= (its?.startTime ?? new Date()));
    if (its && (await isWhole(before, runId))) return [its, ...before];
    if (Date.now() > deadline)
      throw transient('Unavailable', `Temporal does not list the runs of ${workflowId} up to ${runId}`);
    progress({ waitingFor: `the list of the runs of ${workflowId}` });
  }
}

/** The run itself, not the list; the newest one without a run id, and nothing where there is none any more. */
async function describe({ workflowId, runId }: { workflowId: string; runId?: string }) {
  try {
    return await Context.current().client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Whether the last run before is not one of those that went on as another one, which is not there. */
async function isWhole([last, ...others]: Listed[], runId: string): Promise<boolean> {
  if (last?.status.name !== 'CONTINUED_AS_NEW') return true;
  const closed = await eventOf(last.workflowId, last.runId, 'close');
  const next = closed?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return next === runId || next == null || others.some((its) => its.runId === next);
}

/** The newest first. */
async function listRuns(workflowId: string) {
  const { client } = Context.current();
  const runs = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    runs.push(run);
  return runs.sort((one, other) => other.startTime.getTime() - one.startTime.getTime());
}

interface Left {
  request: MigrationRequest;
  carried: Carried;
}

async function readLeft({
  workflowId,
  runId,
}: Pick<Listed, 'workflowId' | 'runId'>): Promise<Left | undefined> {
  const { client } = Context.current();
  progress({ reading: `run ${runId}` });
  try {
    // No answer of a run that knows no state of its own.
    const left = await client.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
      client.workflow.getHandle(workflowId, runId).query<Left | null>(CARRIED_QUERY),
    );
    return left ?? undefined;
  } catch (error) {
    // Each migration answers it from its first moment: this is a workflow of somebody else's.
    if ((error as Error).name === 'QueryNotRegisteredError') return undefined;
    if (isUnanswered(error)) throw transient('Unavailable', `no worker answers for run ${runId}`);
    throw refused(
      'LostRunUnreadable',
      `run ${runId} of ${workflowId} does not say what it did: ${(error as Error).message}`,
    );
  }
}

function isUnanswered(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (UNANSWERED.includes((cause as { code?: unknown }).code)) return true;
  return false;
}
