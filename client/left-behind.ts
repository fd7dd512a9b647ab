import { QueryNotRegisteredError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';

import { migrationOf, type Carried } from '../model/carried.js';
import { CLAIM_WORKFLOW, isNodeClaim } from '../model/claim.js';
import { endOf, isOpen } from '../model/execution.js';
import { isBegun, isLost, waysFrom, whereItStood } from '../model/lost-run.js';
import { statusOf } from '../model/migration-status.js';
import { migrationId, type MigrationPlan } from '../model/plan.js';
import { PLANNED_MEMO } from '../model/planned.js';
import {
  CARRIED_QUERY,
  MIGRATE_WORKFLOW,
  RECOVER_WORKFLOW,
  type RecoverRequest,
} from '../model/steering.js';
import type { LeftBehind } from './answers.js';
import { MigrationError } from './errors.js';

const QUERY_LIMIT_MS = 60_000;

/** What both the list of Temporal and the description of a run have. */
type Run = Omit<WorkflowExecutionInfo, 'raw'>;

/**
 * Returns what the last run of a migration left that has ended; nothing if none had a plan, or Temporal has
 * forgotten it. Whoever asks knows that none of its runs is open: an open one may have taken that over.
 */
export async function findLeftBehind(client: Client, id: string): Promise<LeftBehind | undefined> {
  for (const run of await runsOf(client, id)) {
    if (run.type !== MIGRATE_WORKFLOW || isOpen(run.status) || !run.memo?.[PLANNED_MEMO]) continue;
    if (await isBegunByReset(client, run)) continue;
    const left = await readCarried(client, run);
    if (!left) continue;
    const migration = migrationOf(left.carried);
    const end = endOf(run.status) ?? 'terminated';
    return {
      id,
      runId: run.runId,
      end,
      ...(run.closeTime && { closedAt: run.closeTime.toISOString() }),
      stood: whereItStood(migration),
      isLost: isLost({ end, carried: left.carried }),
      isBegun: isBegun(migration),
      ways: waysFrom(migration),
      status: statusOf(migration),
      ...(migration.hashed && { planned: migration.hashed }),
    };
  }
  return undefined;
}

/** Has a run take over what `left` is, and returns once it has begun. */
export async function startRecovery(
  client: Client,
  taskQueue: string,
  { id, ...request }: RecoverRequest & { id: string },
): Promise<void> {
  await client.workflow.start(RECOVER_WORKFLOW, {
    args: [request],
    workflowId: id,
    taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: `Recover, ${request.way}: ${request.by}`,
  });
}

/** Fails if a migration that had one of these nodes was ended from outside half way: it has to be recovered first. */
export async function requireNothingLost(
  client: Client,
  { source, target }: MigrationPlan,
): Promise<void> {
  for (const { uid } of [source, target]) {
    const left = (await findLost(client, migrationId(uid))) ?? (await findLostWithTarget(client, uid));
    if (left) throw lostError(left);
  }
}

async function findLost(client: Client, id: string): Promise<LeftBehind | undefined> {
  const left = await findLeftBehind(client, id);
  return left?.isLost && left.isBegun ? left : undefined;
}

/**
 * What a migration left that had this node as its target: its claim to the node names it. Others may have claimed the
 * node since, and were refused.
 */
async function findLostWithTarget(client: Client, uid: string): Promise<LeftBehind | undefined> {
  const claims = (await runsOf(client, migrationId(uid))).filter(({ type }) => type === CLAIM_WORKFLOW);
  const holders = new Set(claims.map(({ memo }) => memo).map((it) => isNodeClaim(it) && it.holder));
  for (const holder of holders) {
    const left = holder ? await findLost(client, holder) : undefined;
    if (left?.planned?.plan.target.uid === uid) return left;
  }
  return undefined;
}

/** What an operator is told who asks a run for something that was ended from outside. */
export function lostError({ id, runId, end, stood, planned }: LeftBehind): MigrationError {
  const { source, target } = planned?.plan ?? {};
  const which =
    source && target
      ? `migration from ${source.name} to ${target.name}`
      : 'last migration of this source';
  return new MigrationError(
    'refused',
    'MigrationLost',
    `the ${which} was ended from outside (${end}, run ${runId}): it ${stood}, and nothing was taken back`,
    `canton-migrate recover ${id}`,
  );
}

/** The newest first. The list of Temporal is behind by a moment: what it calls open may have ended since. */
async function runsOf(client: Client, id: string): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${id}"` }))
    runs.push(isOpen(run.status) ? await client.workflow.getHandle(id, run.runId).describe() : run);
  return runs.sort((one, other) => other.startTime.getTime() - one.startTime.getTime());
}

/** Such a run changes nothing, and knows nothing of its own. */
async function isBegunByReset(client: Client, { workflowId, runId }: Run): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return started != null && started.originalExecutionRunId !== runId;
}

async function readCarried(
  client: Client,
  { workflowId, runId }: Run,
): Promise<{ carried: Carried } | undefined> {
  try {
    const left = await client.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
      client.workflow.getHandle(workflowId, runId).query<{ carried: Carried } | null>(CARRIED_QUERY),
    );
    return left ?? undefined;
  } catch (error) {
    // Each migration answers it from its first moment: this is a workflow of somebody else's.
    if (error instanceof QueryNotRegisteredError) return undefined;
    throw error;
  }
}
