import type { WorkflowHandle } from '@temporalio/client';

import type { MigrationStack } from './temporal.js';

/** The history of one run of a migration. */
interface RunHistory {
  runId: string;
  handle: WorkflowHandle;
  /** Types of the events, in order. */
  events: string[];
  bytes: number;
}

/** All runs of a migration, each of which went on as the next one; the first one first. */
export async function runsOf({ temporal }: MigrationStack, id: string): Promise<RunHistory[]> {
  const runs: RunHistory[] = [];
  let { runId } = await temporal.workflow.getHandle(id).describe();
  while (runId !== '') {
    const handle = temporal.workflow.getHandle(id, runId);
    const { events = [] } = await handle.fetchHistory();
    const { raw } = await handle.describe();
    runs.unshift({
      ...{ runId, handle },
      events: (events ?? []).map(({ eventType }) => String(eventType)),
      bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    });
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return runs;
}
