import { setTimeout } from 'node:timers/promises';

import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { CLAIM_WORKFLOW, cureOfClaim, describeClaim, isNodeClaim } from '../model/claim.js';
import { endOf, isOpen } from '../model/execution.js';
import { WATCH } from '../model/phase.js';
import { migrationId } from '../model/plan.js';
import type { MigrationReport, RunReport } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import {
  MIGRATE_WORKFLOW,
  PARK_UPDATE,
  SEARCH_ATTRIBUTES,
  type MigrationStatus,
} from '../model/steering.js';
import { STARTED_MEMO, startedMemo, startTexts } from '../model/started.js';
import { shown } from '../model/shown-text.js';
import { MigrationError } from './errors.js';
import { findLeftBehind, lostError } from './left-behind.js';
import { askReport, readSnapshot } from './observe.js';
import { childOf, hasNode, runOf } from './run-of.js';

const POLL_MS = 250;

/** Fails while a migration of this source runs or its source watch runs. One that ended, however, is no reason. */
export async function requireNoneOpen(client: Client, id: string): Promise<void> {
  const execution = await findExecution(client, id);
  if (!execution || !isOpen(execution.status)) return;
  refuseClaimed('this source', execution);
  if (await isWatching(client, execution)) {
    throw new MigrationError(
      'refused',
      'AlreadyMigrated',
      `this source was migrated, and its source is still monitored: ${id}`,
      `check it: canton-migrate status ${id}; or end it: canton-migrate close ${id}`,
    );
  }
  throw new MigrationError(
    'refused',
    'AlreadyRunning',
    `a migration of this source is running: ${id}`,
    'follow it: canton-migrate status --watch',
  );
}

/** Fails while the target is the source of a migration that is open: its source watch would raise an alarm, or worse. */
export async function requireTargetFree(
  client: Client,
  { name, uid }: { name: string; uid: string },
): Promise<void> {
  const id = migrationId(uid);
  const execution = await findExecution(client, id);
  if (!execution || !isOpen(execution.status)) return;
  refuseClaimed(name, execution);
  throw new MigrationError(
    'refused',
    'TargetIsSource',
    `${name} is the source of a migration that is open: ${id}`,
    `end that one first: canton-migrate close ${id}, or abort`,
  );
}

/** Starts the migration of a source and returns its id. Fails while another one of it is open. */
export async function startMigration(
  client: Client,
  taskQueue: string,
  request: MigrationRequest,
  { sourceUid, by }: { sourceUid: string; by?: string | undefined },
): Promise<string> {
  const workflowId = migrationId(sourceUid);
  try {
    await client.workflow.start(MIGRATE_WORKFLOW, {
      args: [request],
      workflowId,
      taskQueue,
      // After a close too: the reverse migration, and forward again, are migrations of their own.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      memo: { [STARTED_MEMO]: startedMemo(request, by) },
      ...startTexts(request, by),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await requireNoneOpen(client, workflowId);
    throw error;
  }
  return workflowId;
}

/** Fails for a node that another migration has: it is no migration itself, and has no plan. */
export async function requireNoClaim(client: Client, id: string): Promise<void> {
  const execution = await findExecution(client, id);
  if (execution && isOpen(execution.status)) refuseClaimed(id, execution);
}

/** Only a running migration can be steered; one that ended says how. */
export async function requireRunning(client: Client, id: string, wish: string): Promise<void> {
  const execution = await findExecution(client, id);
  if (!execution) return;
  if (isOpen(execution.status)) {
    refuseClaimed(id, execution);
    return refuseWaiting(id, execution, wish);
  }
  const end = endOf(execution.status);
  if (end === 'terminated' || end === 'timed-out') {
    const left = await findLeftBehind(client, id);
    if (left?.isLost) throw lostError(left);
  }
  throw await endedError(client, execution, wish);
}

/** How a migration ended, who ended it and when, and what comes after that. */
async function endedError(
  client: Client,
  { workflowId: id, status: { name }, closeTime }: WorkflowExecutionDescription,
  wish: string,
): Promise<MigrationError> {
  const { status } = await readSnapshot(client, id);
  const at = closeTime === undefined ? '' : ` at ${closeTime.toISOString()}`;
  const its = status?.state === 'delegated' ? 'it only waited for another run' : status?.summary;
  const how = shown(its ?? name.toLowerCase());
  const message = `the migration has ended${at}, there is nothing to ${wish}: ${how}`;
  const isToPark = wish === PARK_UPDATE && status?.state === 'migrated';
  const next = isToPark ? parkedByName(status) : status?.next;
  const orLook = `see how it ended: canton-migrate status ${id}`;
  return new MigrationError('refused', 'Ended', message, next ?? orLook);
}

/** Nobody monitors the source of a migration that has ended: the operator names the two nodes. */
function parkedByName({ sourceName = '', targetName = '' }: MigrationStatus): string {
  return `name the nodes: canton-migrate park --participant ${sourceName} --served-by ${targetName}`;
}

/** Whoever steers a run that only waits for another one means that. */
function refuseWaiting(id: string, execution: WorkflowExecutionDescription, wish: string): void {
  const child = childOf(execution);
  if (child === undefined) return;
  const message = `${id} only waits for ${child}, and there is nothing to ${wish} in it`;
  throw new MigrationError('refused', 'NotHere', message, `canton-migrate status ${child}`);
}

/** Waits until the migration has ended, or its source watch runs; see `MigrationClient.result`. */
export async function readOutcome(client: Client, id: string): Promise<MigrationReport> {
  const handle = await runOf(client, id);
  for (;;) {
    const execution = await handle.describe();
    if (!isOpen(execution.status)) return handle.result() as Promise<MigrationReport>;
    const report = (await isWatching(client, execution)) ? await askReport(client, id) : undefined;
    // One that is closed keeps its report yet, and ends then.
    if (report && isMigrated(report) && report.closedBy === undefined) return report;
    await setTimeout(POLL_MS);
  }
}

/** A node that another migration has is no migration itself: neither started nor steered under its id. */
function refuseClaimed(what: string, { type, memo, workflowId }: WorkflowExecutionDescription): void {
  if (type !== CLAIM_WORKFLOW) return;
  const claim = isNodeClaim(memo) ? shown(memo) : ({ role: 'source', holder: workflowId } as const);
  throw new MigrationError(
    'refused',
    'MigrationOpen',
    `${what} is ${describeClaim(claim)}`,
    cureOfClaim(claim),
  );
}

function isMigrated(report: RunReport): report is MigrationReport {
  return report.outcome === 'migrated';
}

/** A namespace may be without this search attribute: then the run itself has to say whether it has its report. */
async function isWatching(client: Client, execution: WorkflowExecutionDescription): Promise<boolean> {
  const { searchAttributes, workflowId } = execution;
  const phase = searchAttributes[SEARCH_ATTRIBUTES.phase]?.[0];
  if (phase !== undefined) return phase === WATCH;
  const report = await askReport(client, workflowId);
  return report !== undefined && isMigrated(report);
}

async function findExecution(
  client: Client,
  id: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    for (;;) {
      const newest = await client.workflow.getHandle(id).describe();
      if (newest.type !== CLAIM_WORKFLOW || (await hasNode(client, newest))) return newest;
      if (!isOpen(newest.status)) return await (await runOf(client, id)).describe();
      // Its holder has ended just now, and it is about to.
      await setTimeout(POLL_MS);
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
