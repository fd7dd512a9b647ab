import { log, type Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';

import { isOpen } from '../../model/execution.js';

const RETRY_MS = 500;

/** A workflow execution, as the server describes it. */
export interface Execution {
  type: string;
  isOpen: boolean;
  taskQueue: string;
  memo: Record<string, unknown>;
  /** Of its chain of runs: another one after it continued as new, or was reset. */
  firstRunId: string;
  /** Who started it as a child. */
  parent?: { workflowId: string; runId: string };
}

/**
 * Returns what Temporal says of a workflow; asks until it answers. Nothing if there is none.
 *
 * Fails where the answer cannot be read, such as a memo of another key: asking again would not help.
 */
export async function findExecution(
  { client, cancellationSignal, ...context }: Context,
  workflowId: string,
  runId?: string,
): Promise<Execution | undefined> {
  for (;;) {
    cancellationSignal.throwIfAborted();
    try {
      const found = await client.workflow.getHandle(workflowId, runId).describe();
      const { workflowId: parentId, runId: parentRunId } = found.parentExecution ?? {};
      return {
        type: found.type,
        isOpen: isOpen(found.status),
        taskQueue: found.taskQueue,
        memo: found.memo ?? {},
        firstRunId: found.raw.workflowExecutionInfo?.firstRunId ?? '',
        ...(parentId && parentRunId && { parent: { workflowId: parentId, runId: parentRunId } }),
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      if (!(error instanceof Error) || error.name !== 'ServiceError') throw error;
      log.warn('Temporal does not describe a workflow, asking again', { workflowId, error });
      await context.sleep(RETRY_MS);
    }
  }
}
