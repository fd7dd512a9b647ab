import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { CLAIM_WORKFLOW, isNodeClaim } from '../model/claim.js';
import { isOpen } from '../model/execution.js';
import { migrationId } from '../model/plan.js';
import { MIGRATE_WORKFLOW } from '../model/steering.js';

/**
 * Returns the run that an id means: the newest one, but for a run that only kept the node for another migration, once that
 * has ended. Then it is the last migration of that node, if there was one.
 */
export async function runOf(client: Client, id: string): Promise<WorkflowHandle> {
  const newest = client.workflow.getHandle(id);
  const found = await find(newest);
  if (found?.type !== CLAIM_WORKFLOW || (await hasNode(client, found))) return newest;
  // The newest first.
  const query = `WorkflowId = "${id}" AND WorkflowType = "${MIGRATE_WORKFLOW}"`;
  for await (const { runId } of client.workflow.list({ query }))
    return client.workflow.getHandle(id, runId);
  return newest;
}

/** Whether a run keeps its node for a migration that is open; the run itself ends some moments after it. */
export async function hasNode(client: Client, claim: WorkflowExecutionDescription): Promise<boolean> {
  if (!isOpen(claim.status)) return false;
  // A claim that somebody else made has the node itself.
  if (!isNodeClaim(claim.memo)) return true;
  const holder = client.workflow.getHandle(claim.memo.holder);
  const found = await find(holder);
  return found !== undefined && isOpen(found.status);
}

/** Workflow id of the migration that a run waits for, which was started under another id than that of its source. */
export function childOf({
  workflowId,
  type,
  status,
  raw,
}: WorkflowExecutionDescription): string | undefined {
  if (type !== MIGRATE_WORKFLOW || !isOpen(status) || workflowId.startsWith(migrationId('')))
    return undefined;
  return raw.pendingChildren?.[0]?.workflowId ?? undefined;
}

async function find(handle: WorkflowHandle): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await handle.describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
