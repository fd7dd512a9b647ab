import { Context } from '@temporalio/activity';

import { refused } from '../../model/failure.js';
import { MIGRATE_WORKFLOW, RECOVER_WORKFLOW } from '../../model/steering.js';

/** `temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT`. */
const CLOSE_EVENT = 2;
/**
 * `temporal.api.enums.v1.ContinueAsNewInitiator`: `RETRY` and `CRON_SCHEDULE`. A run that goes on by itself
 * says none.
 */
const BY_TEMPORAL: readonly unknown[] = [2, 3];
/** Types of workflows that continue as a migration. */
const MIGRATIONS: readonly string[] = [MIGRATE_WORKFLOW, RECOVER_WORKFLOW];
/** gRPC. */
const NOT_FOUND = 5;

/** What Temporal knows of the run that asks. */
export function continuationActivities() {
  return {
    /**
     * Returns if the run that asks was begun by one that continued as new, with the very arguments that one
     * left.
     *
     * Runs that a retry policy or a cron schedule began are none: they have the arguments of the first run,
     * which anybody chooses. Fails with `StartForged`.
     */
    async readContinuation(): Promise<void> {
      const { workflowExecution, taskQueue } = Context.current().info;
      if (!workflowExecution) throw forged('no workflow asks for it');
      const { workflowId, runId } = workflowExecution;
      const started = (await eventOf(workflowId, runId, 'first'))
        ?.workflowExecutionStartedEventAttributes;
      const before = started?.continuedExecutionRunId ?? '';
      if (!started || before === '') throw forged('Temporal knows of no run before this one');
      const first = (await eventOf(workflowId, before, 'first'))
        ?.workflowExecutionStartedEventAttributes;
      const closed = await eventOf(workflowId, before, 'close');
      const left = closed?.workflowExecutionContinuedAsNewEventAttributes;
      if (!left) throw forged(`run ${before} did not continue as new`);
      const expected: [what: string, isRight: boolean][] = [
        ['was started by a retry policy or a cron schedule', !BY_TEMPORAL.includes(left.initiator)],
        // A reset gives a run another id; what it was begun as stays.
        ['continued as another run', left.newExecutionRunId === started.originalExecutionRunId],
        ['is not a migration', MIGRATIONS.includes(first?.workflowType?.name ?? '')],
        ['ran on another task queue', first?.taskQueue?.name === taskQueue],
        ['handed over other arguments', isSame(left.input?.payloads, started.input?.payloads)],
      ];
      const wrong = expected.find(([, isRight]) => !isRight);
      if (wrong) throw forged(`run ${before}, which was before, ${wrong[0]}`);
    },
  };
}

/** The first or the last event of a run, as the server has it; nothing if it has none. */
export async function eventOf(workflowId: string, runId: string, which: 'first' | 'close') {
  const { client } = Context.current();
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      ...(which === 'first' ? { maximumPageSize: 1 } : { historyEventFilterType: CLOSE_EVENT }),
    });
    return history?.events?.[0];
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
    throw error;
  }
}

interface Payload {
  data?: Uint8Array | null;
}

/** The server copies what a run leaves into the next one, byte by byte, also where it is encrypted. */
function isSame(one: Payload[] | null | undefined, other: Payload[] | null | undefined): boolean {
  if (!one || one.length !== other?.length) return false;
  const textOf = (payload?: Payload) => Buffer.from(payload?.data ?? []).toString('base64');
  return one.every((payload, index) => textOf(payload) === textOf(other[index]));
}

function forged(why: string) {
  return refused(
    'StartForged',
    `the state of this run was not handed over by a previous run of the migration: ${why}; nothing was changed`,
  );
}
