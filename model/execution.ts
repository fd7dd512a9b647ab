/** How a run ended, in Temporal's words. */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out' | 'continued';

const ENDS: Readonly<Record<string, RunEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  CONTINUED_AS_NEW: 'continued',
};

/** How a run ended, by what Temporal says of it; undefined of one that is open. */
export function endOf({ name }: { name: string }): RunEnd | undefined {
  return ENDS[name];
}

/** Names of the states of an open workflow; Temporal's own pause holds one that goes on later. */
const OPEN: readonly string[] = ['RUNNING', 'PAUSED'];

/** Whether a workflow has not ended, by what Temporal says of it: `WorkflowExecutionDescription.status.name`. */
export function isOpen({ name }: { name: string }): boolean {
  return OPEN.includes(name);
}
