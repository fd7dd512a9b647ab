import { workflowInfo } from '@temporalio/workflow';

import type { Activities } from '../activities/index.js';
import type { Migration } from '../model/migration.js';
import { PLANNED_MEMO } from '../model/planned.js';
import type { RunReport } from '../model/report.js';
import { reportedFailure } from './steering/outcome.js';

/**
 * Has the worker keep the report of a migration that is over, beyond what Temporal remembers. Fails never: nothing of a
 * migration depends on it, and the report says why it is not kept. Before the memo says what was planned there is nothing
 * to keep.
 */
export async function keepReport(
  { hashed, stage }: Migration,
  report: RunReport,
  act: Pick<Activities, 'keepReport'>,
): Promise<void> {
  if (!hashed || workflowInfo().memo?.[PLANNED_MEMO] === undefined) return;
  delete report.notKept;
  try {
    await act.keepReport({ planHash: hashed.hash, report });
  } catch (error) {
    const failure = reportedFailure(stage, error);
    if (!failure) throw error;
    report.notKept = `${failure.type}: ${failure.message}`;
  }
}
