/** Names of the states of an open workflow; Temporal's own pause holds one that goes on later. */
const OPEN: readonly string[] = ['RUNNING', 'PAUSED'];

/** Whether a workflow has not ended, by what Temporal says of it: `WorkflowExecutionDescription.status.name`. */
export function isOpen({ name }: { name: string }): boolean {
  return OPEN.includes(name);
}
