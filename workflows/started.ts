import { upsertMemo, workflowInfo } from '@temporalio/workflow';

import type { Migration } from '../model/migration.js';
import type { MigrationRequest } from '../model/request.js';
import { readStarted, STARTED_MEMO, startedMemo } from '../model/started.js';

/** Of Temporal: the schedule that started a workflow. */
const SCHEDULED_BY = 'TemporalScheduledById';

/** Notes who started a migration, and in its memo what was asked for, so that a list of migrations has both. */
export function noteStart(migration: Migration, request: MigrationRequest): void {
  const { memo, searchAttributes } = workflowInfo();
  const schedule: unknown = searchAttributes[SCHEDULED_BY]?.[0];
  const by =
    readStarted(memo?.[STARTED_MEMO])?.by ??
    (typeof schedule === 'string' ? `schedule ${schedule}` : undefined);
  const started = startedMemo(request, by);
  if (started.by !== undefined) migration.startedBy = started.by;
  // A request that is none is refused with what is wrong with it.
  if (readStarted(started)) upsertMemo({ [STARTED_MEMO]: started });
}
