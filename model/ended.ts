import type { MigrationState, MigrationStatus } from './steering.js';

/** What a run says of itself when it has come to its end; in any other state it did not end by itself. */
const FINAL: ReadonlySet<MigrationState> = new Set(['aborted', 'migrated', 'failed', 'delegated']);

/** What only a run that goes on can take. */
const OFFERS: ReadonlySet<keyof MigrationStatus> = new Set([
  ...(['gate', 'differences', 'approvalsNeeded', 'tuning', 'awaited', 'retryAt'] as const),
  ...(['signatures', 'signatureCount', 'hostings'] as const),
]);

/** Whether nothing can be decided there any more: it has ended, or another run does the work. */
export function isOver({ state }: Pick<MigrationStatus, 'state'>): boolean {
  return FINAL.has(state);
}

/**
 * The status of a run that has ended, `how` by Temporal. One that was ended from outside still says what it waited for:
 * nobody can open a gate of it any more, and what it did stays as it was.
 */
export function endedStatus(status: MigrationStatus, how: string): MigrationStatus {
  if (isOver(status)) return status;
  const rest = Object.fromEntries(
    Object.entries(status).filter(([name]) => !OFFERS.has(name as keyof MigrationStatus)),
  ) as unknown as MigrationStatus;
  const at = status.state === 'running' ? 'under way' : status.state.replaceAll('-', ' ');
  const where = `${how} from outside while it was ${at} in ${status.stage}`;
  return { ...rest, ...afterEnd(status, where) };
}

function afterEnd(
  { state, steps, sourceUid, workflowId }: MigrationStatus,
  where: string,
): Pick<MigrationStatus, 'summary' | 'next'> {
  if (state === 'watching')
    return {
      summary: `${where}: the migration went well, and nobody monitors its source any more`,
      next: `canton-migrate recover ${workflowId}`,
    };
  const isUntouched = steps.every((step) => step.state === 'waiting');
  if (sourceUid === undefined || isUntouched)
    return { summary: `${where}: nothing had been changed`, next: 'canton-migrate plan' };
  return {
    summary: `${where}: what it had done stays as it was; connect and start nothing by hand`,
    next: `canton-migrate recover ${workflowId}`,
  };
}

/** Whether an abort is still possible, and what it would bring; the last line about a migration. */
export function abortNote(status: MigrationStatus): string {
  if (status.state === 'delegated')
    return 'Nothing can be done in this run: it only waits for the other one.';
  if (isOver(status)) return 'It has ended.';
  if (status.isPastPointOfNoReturn) return 'The point of no return has been passed.';
  if (status.state === 'aborting') return 'It is being aborted.';
  return status.live
    ? 'Abort is possible: the source simply goes on serving.'
    : 'Abort is possible: the source serves again.';
}
