import { condition, isCancellation, sleep } from '@temporalio/workflow';

import type { FailureType } from '../../model/cures.js';
import type { Migration } from '../../model/migration.js';
import type { Stage } from '../../model/phase.js';
import { delegationsOf } from '../../model/plan.js';
import type { ReportedFailure } from '../../model/report.js';
import { noteEvent } from '../../model/timeline.js';
import { continueAsNewIfLong, waitOrContinueAsNew } from '../carried.js';
import type { Hold } from '../proxies.js';
import { whileWatched } from './isolation.js';
import { ending, reportedFailure } from './outcome.js';
import { enter, publish } from './stage.js';

/** Refusals of the first reads that no resume can repair: another run has to be started. */
const HOPELESS: readonly string[] = [
  'RequestInvalid',
  'UnknownParticipant',
  'UnknownSynchronizer',
  'MigrationNotAllowed',
  'MigrationLost',
] satisfies FailureType[];

/** An undo is retried until it succeeds, by itself at most this seldom. */
const LONGEST_UNDO_PAUSE_MS = 60 * 60_000;

/**
 * Runs `work` until it succeeds; each time it stops, an operator removes the cause and resumes, or aborts. A
 * failure that `isPassedOn` is thrown. What was stopped in the run before this one is so here, too.
 */
export async function attempt<T>(
  migration: Migration,
  stage: Stage,
  work: () => Promise<T>,
  isPassedOn: (failure: ReportedFailure) => boolean = () => false,
): Promise<T> {
  for (;;) {
    if (migration.state === 'stopped') await stopped(migration, stage);
    enter(migration, stage, migration.state === 'aborting' ? 'aborting' : 'running');
    try {
      const result = await work();
      delete migration.lastFailure;
      return result;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = reportedFailure(stage, error);
      // Not a failure of ours but a bug: it blocks the workflow task, so that a fixed worker can go on.
      if (!failure) throw error;
      if (isPassedOn(failure)) throw error;
      // Once something was done, only an abort ends it.
      if (migration.steps.length === 0 && HOPELESS.includes(failure.type))
        throw ending(failure.type, failure.message, failure);
      migration.lastFailure = failure;
      noteEvent(migration.timeline, 'failed', `${failure.type}: ${failure.message}`, Date.now());
      migration.state = 'stopped';
    }
  }
}

/** Waits until an operator resumes a stopped migration, or it is tried again by itself. */
export async function stopped(migration: Migration, stage: Stage): Promise<void> {
  enter(migration, stage, 'stopped');
  const isCancelled = () => migration.isPastPointOfNoReturn && migration.isCancelRequested;
  const isDecided = () => migration.state !== 'stopped' || isCancelled();
  await whileWatched(migration, stage, () =>
    migration.undoPauseMs === undefined
      ? waitOrContinueAsNew(migration, isDecided)
      : pauseBeforeRetry(migration, isDecided),
  );
  if (isCancelled()) {
    const { message } = migration.lastFailure!;
    throw ending(
      'NotVerified',
      `ended by a cancellation, not verified: ${message}`,
      migration.verification,
    );
  }
  migration.state = migration.isWithdrawing ? 'aborting' : 'running';
}

/** A failed undo is tried again by itself, less and less often; a resume does it at once. */
async function pauseBeforeRetry(migration: Migration, isDecided: () => boolean): Promise<void> {
  const pauseMs = migration.undoPauseMs!;
  migration.retryAt ??= new Date(Date.now() + pauseMs).toISOString();
  publish(migration);
  await waitOrContinueAsNew(
    migration,
    isDecided,
    Math.max(1, Date.parse(migration.retryAt) - Date.now()),
  );
  delete migration.retryAt;
  migration.undoPauseMs = Math.min(pauseMs * 2, LONGEST_UNDO_PAUSE_MS);
}

/** Before every activity: holds a paused migration, and keeps the card of the UI current. */
export async function clearance(migration: Migration): Promise<void> {
  publish(migration);
  if (!migration.isPaused) return;
  const { stage, state } = migration;
  enter(migration, stage, 'paused');
  const isResumed = () => !migration.isPaused;
  await whileWatched(migration, stage, async () => {
    if (!isCommitting(migration)) await waitOrContinueAsNew(migration, isResumed);
    else await condition(isResumed);
  });
  enter(migration, stage, state);
}

/**
 * Whether the step that cannot be taken back is under way: begun again by another run it would take what it
 * was about to do for done, as after a failure.
 */
function isCommitting({ steps, stepAt = -1, isPastPointOfNoReturn }: Migration): boolean {
  return isPastPointOfNoReturn && steps[stepAt]?.isPointOfNoReturn === true;
}

const LONGEST_HOLD_MS = 300_000;

/**
 * Holds a migration while the topology of a synchronizer is frozen: operators see until when, and have
 * nothing to do.
 */
export function holdOf(migration: Migration): Hold {
  let held = 0;
  return async (why, act) => {
    migration.hold = why;
    publish(migration);
    try {
      const { plan } = migration.hashed!;
      const issuers = delegationsOf(plan).map(({ issuer }) => issuer);
      const nodes = [plan.source, plan.target, ...issuers].map(({ name, uid }) => ({ name, uid }));
      const { source, target } = plan;
      const synchronizerIds = [source.synchronizer.logicalId, target.synchronizer.logicalId];
      await act.awaitUpgrade({ nodes, synchronizerIds });
      // One that nobody announces any more, and that still refuses: not again at once, and ever less often.
      await sleep(Math.min(1_000 * 2 ** held++, LONGEST_HOLD_MS));
    } finally {
      delete migration.hold;
    }
    publish(migration);
    if (!isCommitting(migration)) await continueAsNewIfLong(migration);
  };
}
