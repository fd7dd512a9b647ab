import type { Client, WorkflowExecutionInfo } from '@temporalio/client';

import type { NodeRef } from '../model/participant.js';
import { isOpen } from '../model/execution.js';
import { migrationId } from '../model/plan.js';
import { PLANNED_MEMO, readPlanned } from '../model/planned.js';
import { readStarted, STARTED_MEMO } from '../model/started.js';
import { MIGRATE_WORKFLOW, SEARCH_ATTRIBUTES } from '../model/steering.js';

/** What every workflow id of a migration begins with. */
export const ID_START = migrationId('');

/** What Temporal itself knows of a migration, without asking it. */
export interface MigrationRun {
  id: string;
  runId: string;
  /** Its names are absent until it was planned or said so itself. */
  source: Partial<NodeRef>;
  target: Partial<NodeRef>;
  isOpen: boolean;
  startedBy?: string;
  /** When its first run began. */
  startedAt: Date;
  info: WorkflowExecutionInfo;
}

/**
 * The migrations of a namespace, newest first, as far as Temporal keeps them. A run that only waits for another one, that
 * keeps a node, or that went on as a new one is none.
 */
export async function* migrationRuns(
  client: Client,
  which: 'open' | 'closed' | 'all',
): AsyncGenerator<MigrationRun, void, undefined> {
  const status = { open: ' AND ExecutionStatus = "Running"', closed: ENDED, all: '' }[which];
  const query = `WorkflowType = "${MIGRATE_WORKFLOW}"${status}`;
  for await (const info of client.workflow.list({ query })) {
    // A migration started under another id has the real one as its child.
    const isOne = info.workflowId.startsWith(ID_START) && info.status.name !== 'CONTINUED_AS_NEW';
    if (isOne && !(which === 'closed' && isOpen(info.status))) yield runOfInfo(info);
  }
}

const ENDED = ' AND ExecutionStatus != "Running" AND ExecutionStatus != "ContinuedAsNew"';

function runOfInfo(info: WorkflowExecutionInfo): MigrationRun {
  const { workflowId: id, runId, memo, searchAttributes, status } = info;
  const planned = readPlanned(memo?.[PLANNED_MEMO]);
  const started = readStarted(memo?.[STARTED_MEMO]);
  const [targetUid] = searchAttributes[SEARCH_ATTRIBUTES.target] ?? [];
  return {
    ...{ id, runId, info, isOpen: isOpen(status) },
    source: planned?.source ?? {
      ...(started && { name: started.source }),
      uid: id.slice(ID_START.length),
    },
    target: planned?.target ?? {
      ...(started && { name: started.target }),
      ...(typeof targetUid === 'string' && { uid: targetUid }),
    },
    startedAt: startOf(info),
    ...(started?.by !== undefined && { startedBy: started.by }),
  };
}

/** When the first run of a migration began, of which Temporal describes the last one. */
export function startOf({ memo, startTime }: Pick<WorkflowExecutionInfo, 'memo' | 'startTime'>): Date {
  return new Date(readPlanned(memo?.[PLANNED_MEMO])?.startedAt ?? startTime);
}
