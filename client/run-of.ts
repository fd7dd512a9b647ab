import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { CLAIM_WORKFLOW } from '../model/claim.js';
import { MIGRATE_WORKFLOW } from '../model/steering.js';

/**
 * Returns the run that an id means: the newest one, but for a run that only kept the node for another migration and has
 * ended. Then it is the last migration of that node, if there was one.
 */
export async function runOf(client: Client, id: string): Promise<WorkflowHandle> {
  const newest = client.workflow.getHandle(id);
  if (!(await isEndedClaim(newest))) return newest;
  // The newest first.
  const query = `WorkflowId = "${id}" AND WorkflowType = "${MIGRATE_WORKFLOW}"`;
  for await (const { runId } of client.workflow.list({ query }))
    return client.workflow.getHandle(id, runId);
  return newest;
}

async function isEndedClaim(handle: WorkflowHandle): Promise<boolean> {
  try {
    const { type, status } = await handle.describe();
    return type === CLAIM_WORKFLOW && status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
