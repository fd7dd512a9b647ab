import type { Activities } from '../../activities/index.js';
import { snapshotOf } from './snapshot.js';
import type { MigrationStack } from './temporal.js';

/** What ends a run from outside, by a button of Temporal's UI. */
export type Loss = 'terminate' | 'reset';

/** Ends the open run of a migration, and returns its run id. */
export async function lose(stack: MigrationStack, id: string, how: Loss): Promise<string> {
  const { runId } = await stack.handle(id).describe();
  if (how === 'terminate') await stack.temporal.workflow.getHandle(id, runId).terminate('a test');
  else await reset(stack, id, runId);
  return runId;
}

/** Resets a run, open or not, to its first workflow task, or to the last one; returns the id of the new run. */
export async function reset(
  { temporal }: Pick<MigrationStack, 'temporal'>,
  id: string,
  runId: string,
  to: 'first' | 'last' = 'first',
): Promise<string> {
  const { events } = await temporal.workflow.getHandle(id, runId).fetchHistory();
  const tasks = (events ?? []).filter((its) => its.workflowTaskCompletedEventAttributes);
  const { eventId } = (to === 'first' ? tasks[0] : tasks.at(-1))!;
  const answer = await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId: id, runId },
    reason: 'a test',
    requestId: `${runId}/${to}`,
    workflowTaskFinishEventId: eventId!,
  });
  return answer.runId;
}

/**
 * Activities that lose their run once, before their work or after it succeeded; the attempt goes on as if it had not
 * noticed.
 */
export function whenIn(name: keyof Activities, when: 'before' | 'after', act: () => Promise<unknown>) {
  let isDone = false;
  const once = async () => {
    if (isDone) return;
    isDone = true;
    await act();
  };
  return (activities: Activities): Partial<Activities> => {
    const run = activities[name] as (...given: unknown[]) => Promise<unknown>;
    const losing = async (...given: unknown[]) => {
      if (when === 'before') await once();
      const result = await run(...given);
      if (when === 'after') await once();
      return result;
    };
    return { [name]: losing };
  };
}

/** Both nodes, but for the delegation, which stays after an abort. */
export async function stateOf({
  sandbox,
  participants,
}: Pick<MigrationStack, 'sandbox' | 'participants'>) {
  const byName = new Map(Object.entries(participants));
  const { source, target } = await snapshotOf({ sandbox, participants: byName });
  return { source: { ...source, delegations: [] }, target: { ...target, delegations: [] } };
}
