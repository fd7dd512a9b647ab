import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';

import { listOwnedSpools } from '../activities/contracts/owned-spools.js';

const EVERY_MS = 60 * 60_000;
/** `temporal.api.enums.v1.WorkflowExecutionStatus`: `RUNNING` and `PAUSED`, which goes on later. */
const OPEN = [1, 8];
/** gRPC. */
const NOT_FOUND = 5;

/** Whether a migration still runs, by its workflow id. */
export type IsRunning = (workflowId: string) => Promise<boolean>;

/** Asks Temporal. A workflow it does not know any more does not run. */
export function isRunning({ workflowService }: NativeConnection, namespace: string): IsRunning {
  return async (workflowId) => {
    try {
      const execution = { workflowId };
      const found = await workflowService.describeWorkflowExecution({ namespace, execution });
      return OPEN.includes(Number(found.workflowExecutionInfo?.status));
    } catch (error) {
      if ((error as { code?: number }).code === NOT_FOUND) return false;
      throw error;
    }
  };
}

/**
 * Removes the spools of migrations that have ended: their own worker died before, or another one finished them.
 *
 * A folder that does not say whose it is stays. A failure is logged and the rest is gone through.
 */
export async function sweepSpools(
  folder: string,
  runs: IsRunning,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  for (const { name, owner, remove } of await listOwnedSpools(folder)) {
    try {
      if (await runs(owner)) continue;
      await remove();
      log.info({ spool: name, owner }, 'removed the spool of a migration that has ended');
    } catch (error) {
      log.warn({ spool: name, err: error }, 'a spool could not be swept');
    }
  }
}

/** Sweeps now and every hour; returns how to stop. */
export function keepSwept(folder: string, runs: IsRunning, log: Logger): () => void {
  const sweep = () =>
    void sweepSpools(folder, runs, log).catch((error: unknown) => {
      log.warn({ err: error }, 'the spools could not be listed');
    });
  sweep();
  const timer = setInterval(sweep, EVERY_MS);
  return () => clearInterval(timer);
}
