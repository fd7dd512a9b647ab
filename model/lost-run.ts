import { carriedOf, migrationOf, type Carried } from './carried.js';
import { cureOf, type FailureType } from './cures.js';
import type { RunEnd } from './execution.js';
import type { Migration } from './migration.js';
import type { PlannedMemo } from './planned.js';
import type { MigrationRequest } from './request.js';

/** The last run of a migration that made or had a plan, after it has ended, and what it left. */
export interface LostRun {
  runId: string;
  end: RunEnd;
  /** RFC 3339. */
  closedAt: string;
  /** As it said before anything was changed. */
  planned: PlannedMemo;
  request: MigrationRequest;
  carried: Carried;
}

/** A run that had another one migrate, because its id was not that of the source. */
export interface Delegated {
  delegatedTo: string;
}

/** How the next run goes on: by itself, or only once an operator resumes it or aborts. */
export type Way = 'back' | 'forward' | 'stopped';

/** What a migration is that goes on where another run was lost. */
export interface TakenOver {
  /** Of the run that was lost. */
  runId: string;
  /** What the run that took it over is: begun by Temporal's Reset, or asked for. */
  how: 'reset' | 'recover';
  /** Who asked for it. */
  by?: string;
}

/** Ends that no run of a migration has when it ends by itself. */
const LOST: readonly RunEnd[] = ['terminated', 'timed-out', 'continued'];

/** Whether a run ended without having come to an end of its own. */
export function isLost({ end, carried }: Pick<LostRun, 'end' | 'carried'>): boolean {
  const { state, report } = migrationOf(carried);
  if (state === 'aborted' || state === 'migrated' || report?.closedBy !== undefined) return false;
  return LOST.includes(end);
}

/** Whether anything was done: before its first step a migration changes nothing. */
export function isBegun({ steps }: Pick<Migration, 'steps'>): boolean {
  return steps.some(({ state }) => state !== 'waiting');
}

/** Whether what was done is being taken back, or that was asked for. */
function isGoingBack({
  isWithdrawing,
  isPastPointOfNoReturn,
  isCancelRequested,
  abortedBy,
}: Migration): boolean {
  if (isWithdrawing) return true;
  return !isPastPointOfNoReturn && (abortedBy !== undefined || isCancelRequested);
}

/** Where a run stood, in an operator's words. */
export function whereItStood(migration: Migration): string {
  const { state, stage, gate, steps, stepAt, report } = migration;
  if (state === 'aborted') return 'had taken everything back';
  if (report?.closedBy !== undefined || state === 'migrated') return 'had migrated its source';
  if (report) return 'had migrated its source, and monitored it';
  if (isGoingBack(migration)) return 'was taking back what had been done';
  if (gate) return `stood at the gate ${gate}`;
  const step = stepAt === undefined ? undefined : steps[stepAt];
  if (step && step.state !== 'waiting') return `was at the step ${step.name} of ${step.phase}`;
  return `was ${state} in ${stage}`;
}

/** Which ways lead on from where a run stood. */
export function waysFrom(migration: Migration): readonly Exclude<Way, 'stopped'>[] {
  if (isGoingBack(migration)) return ['back'];
  return migration.report || migration.isPastPointOfNoReturn ? ['forward'] : ['back', 'forward'];
}

/**
 * What the next run is given, to go on where this one was lost. What was in flight is begun anew, as after a
 * failure of its step; a step that leads nowhere back has noted before that it may have been begun.
 *
 * An abort that was asked for goes on, and the watch of the source too. Everything else waits for an operator,
 * unless one asked for the way.
 */
export function takenOver(
  { runId, end, carried }: LostRun,
  { way, by }: { way: Way; by?: string },
): Carried {
  const lost = migrationOf(carried);
  const how = way === 'stopped' ? ('reset' as const) : ('recover' as const);
  const next: Migration = {
    ...lost,
    isCancelRequested: false,
    contractsPerSecond: 0,
    takenOver: { runId, how, ...(by !== undefined && { by }) },
  };
  // An open gate opens anew once the next run is there: nobody approves what they have not been told.
  for (const passing of ['retryAt', 'hold', 'repairBy', 'looks', 'gate', 'gateSince'] as const)
    delete next[passing];
  if (next.watch) next.watch = { ...next.watch };
  delete next.watch?.closing;
  delete next.watch?.parkBy;
  if (next.report) return carriedOf({ ...next, state: 'watching' });
  if (way === 'back' || isGoingBack(lost)) return carriedOf(goingBack(next, by));
  if (way === 'forward') return carriedOf({ ...next, state: 'running', isPaused: false });
  const type: FailureType = 'RunReset';
  const message = describeLost({ runId, end }, lost);
  const lastFailure = { stage: lost.stage, kind: 'refused' as const, type, message, cure: cureOf(type) };
  return carriedOf({ ...next, state: 'stopped', lastFailure });
}

/** What an abort makes of a migration. */
function goingBack(migration: Migration, by: string | undefined): Migration {
  const { lastFailure, ...its } = migration;
  const abortedBy = its.abortedBy ?? by;
  const firstFailure = its.firstFailure ?? (its.isWithdrawing ? undefined : lastFailure);
  return {
    ...its,
    isPaused: false,
    isWithdrawing: true,
    state: 'aborting',
    ...(abortedBy !== undefined && { abortedBy }),
    ...(firstFailure && { firstFailure }),
  };
}

/** What an operator is told first about a run that was begun by Reset. */
export function describeLost(
  { runId, end }: Pick<LostRun, 'runId' | 'end'>,
  migration: Migration,
): string {
  return `this run was begun by Temporal's Reset, and knows of no change itself. The run that worked last, ${runId} (${end}), ${whereItStood(migration)}`;
}
