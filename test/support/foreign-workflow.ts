import { makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';

import { MIGRATE_WORKFLOW } from '../../model/steering.js';

/** What somebody else runs in the namespace: goes on as a migration of the worker, with arguments of its own choice. */
export async function goOnAsMigration(taskQueue: string, ...args: unknown[]): Promise<void> {
  const { memo } = workflowInfo();
  await makeContinueAsNewFunc({ workflowType: MIGRATE_WORKFLOW, taskQueue, ...(memo && { memo }) })(
    ...args,
  );
}

/** The same under the name of the worker's own workflow. */
export async function migrateParticipant(taskQueue: string, ...args: unknown[]): Promise<void> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return;
  await goOnAsMigration(taskQueue, ...args);
}
