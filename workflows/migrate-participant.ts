import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';

import type { NodeUids } from '../activities/nodes/claims.js';
import type { Activities } from '../activities/index.js';
import type { Carried } from '../model/carried.js';
import { listed } from '../model/count.js';
import { refused } from '../model/failure.js';
import { newLiveRecord } from '../model/live.js';
import { reportOf, reportSoFar } from '../model/migration-report.js';
import { newMigration, type Migration } from '../model/migration.js';
import { PREPARATION } from '../model/phase.js';
import { isLive, migrationId, type HashedPlan } from '../model/plan.js';
import { PLANNED_MEMO, plannedMemo } from '../model/planned.js';
import type { MigrationReport } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import { noteState } from '../model/timeline.js';
import { recordedSignatures, signatureRequests } from './steering/ceremony.js';
import { assertClaimed, claim } from './claims.js';
import { runUnderSourceId } from './delegation.js';
import { carriedOver, continueAsNewIfLong, isDue, proveContinuation } from './carried.js';
import { refuseRepeatedStarts, refuseRequest } from './steering/edge.js';
import { attendWatch, CANCELLED_BY, standWatch } from './source-watch.js';
import { ending } from './steering/outcome.js';
import { hostingsOf } from './phases/signed-hostings.js';
import { activitiesAfter, undoingActivities } from './proxies.js';
import { live } from './routes/live.js';
import { newSynchronizer } from './routes/new-synchronizer.js';
import { Runner, type Control, type RouteRunner } from './routes/runner.js';
import { keepReport } from './report-keeping.js';
import { attendReset, isReset, leaveReset } from './reset.js';
import type { Unless } from './run.js';
import { attendPreview } from './abort-preview.js';
import { noteStart } from './started.js';
import { attempt, clearance, holdOf, stopped } from './steering/attempt.js';
import { gate } from './steering/gate.js';
import { attend } from './steering/handlers.js';
import { offerNothing } from './steering/offers.js';
import { fail, publish } from './steering/stage.js';
import { takeOverReset } from './take-over.js';
import { unless } from './steering/unless.js';
import { findSearchAttributes } from './steering/visibility.js';

/** Doubled after each failure of an undo. */
const FIRST_UNDO_PAUSE_MS = 10_000;

/**
 * Moves a participant to another one with the same namespace, by one of the routes in `routes/`.
 *
 * Runs as `migrate-participant/<source uid>`; started under another id it waits for a child of that id, so
 * that a source never has two. `carried` is what the run before this one leaves: one whose history got too
 * long, or one that was lost. A run that Temporal's Reset began only hands over. Fails as `Aborted` after an
 * abort and as `NotVerified` if the outcome is not proven.
 */
export async function migrateParticipant(
  request: MigrationRequest,
  ...carried: Carried | []
): Promise<MigrationReport> {
  const { migration, refusal } = begin(request, carried);
  try {
    return await migrateOrTakeOver(migration, request, carried, refusal);
  } catch (error) {
    fail(migration, error);
    throw error;
  } finally {
    offerNothing();
    leaveReset();
  }
}

/** Migrates, or hands over where Temporal's Reset began the run. */
async function migrateOrTakeOver(
  migration: Migration,
  request: MigrationRequest,
  carried: readonly unknown[],
  refusal: unknown,
): Promise<MigrationReport> {
  const untilNoReturn = new CancellationScope();
  attend(migration, untilNoReturn);
  attendWatch(migration);
  attendReset(migration);
  attendPreview(migration);
  if (refusal) throw refusal as Error;
  const main = migrate(migration, request, untilNoReturn, carried.length > 0);
  const ended = main.then(
    (report) => () => report,
    (error: Error) => () => {
      throw error;
    },
  );
  const reset = CancellationScope.nonCancellable(() => condition(() => migration.isResetFound === true));
  const end = await Promise.race([ended, reset]);
  // Where it ends is behind what it repeats of another run.
  if (isReset() || !end) return CancellationScope.nonCancellable(() => takeOverReset(migration));
  return end();
}

async function migrate(
  migration: Migration,
  request: MigrationRequest,
  untilNoReturn: CancellationScope,
  isCarried: boolean,
): Promise<MigrationReport> {
  if (isCarried)
    await CancellationScope.nonCancellable(async () => {
      publish(migration);
      await proveContinuation(migration);
      delete migration.isUnproven;
      if (migration.takenOver && migration.hashed) await claimAgain(migration);
    });
  else {
    noteStart(migration, request);
    await findSearchAttributes(migration);
    publish(migration);
  }
  if (migration.isWithdrawing)
    return CancellationScope.nonCancellable(async () => {
      await withdraw(migration);
      throw aborted(migration);
    });
  const act = activitiesAfter(
    () => clearance(migration),
    () => migration.approvals,
    holdOf(migration),
  );
  if (!migration.report) {
    try {
      if (migration.steps.length === 0) {
        const nodes = await untilNoReturn.run(() =>
          attempt(migration, PREPARATION, () => act.readRequestedNodes(request)),
        );
        if (migration.workflowId !== migrationId(nodes.sourceUid)) {
          return await runUnderSourceId(migration, request, nodes.sourceUid, () => publish(migration));
        }
        await untilNoReturn.run(() => prepare(migration, act, request, nodes));
      }
      await untilNoReturn.run(() => runnerOf(migration, act).toNoReturn());
    } catch (error) {
      if (!isCancellation(error) || migration.delegatedTo) throw error;
      await CancellationScope.nonCancellable(() => withdraw(migration));
      if (migration.abortedBy === undefined) throw error;
      throw aborted(migration);
    }
  }
  return CancellationScope.nonCancellable(async () => {
    if (!migration.report) {
      await runnerOf(migration, act).toTheEnd();
      migration.report = reportOf(migration, recordedSignatures(migration));
      await keepReport(migration, migration.report, act);
    }
    return watch(migration);
  });
}

/** A migration as it begins, or as the run before this one left it; or with why there will be none. */
function begin(
  request: MigrationRequest,
  carried: readonly unknown[],
): { migration: Migration; refusal?: unknown } {
  const migration = newMigration(workflowInfo().workflowId);
  try {
    refuseRepeatedStarts();
    refuseRequest(request);
    if (carried.length > 0) Object.assign(migration, carriedOver(carried), { isUnproven: true });
    migration.request = request;
    if (isReset()) migration.isReset = true;
    return { migration };
  } catch (refusal) {
    return { migration, refusal };
  }
}

/**
 * The end of a migration that was taken back; a run that was cancelled is so only if it is the one that was
 * asked.
 */
function aborted({ abortedBy = CANCELLED_BY, steps, withdrawal }: Migration): Error {
  const isUntouched = steps.every(({ state }) => state === 'waiting');
  const effect = isUntouched ? 'nothing had been changed' : 'the source serves as before';
  return ending('Aborted', `aborted by ${abortedBy}: ${effect}`, withdrawal);
}

/** Runs the route of the plan, steered by operators. */
function runnerOf(migration: Migration, act: Activities): RouteRunner {
  const planned = migration.hashed!;
  const { plan } = planned;
  const control = controlOf(migration);
  /** Of what others do, for weeks: whoever waits for it may continue as new meanwhile. */
  const patient: Unless = async (isSo, work) => {
    const result = await unless(() => isSo() || isDue(migration), work);
    if (result === undefined) await continueAsNewIfLong(migration, isSo);
    return result;
  };
  if (!isLive(plan))
    return new Runner(newSynchronizer, { planned, plan, migration, act, unless: patient }, control);
  const its = (migration.live ??= newLiveRecord());
  const run = { planned: { ...planned, plan }, plan, migration, act, live: its, unless: patient };
  return new Runner(live, run, control);
}

function controlOf(migration: Migration): Control {
  return {
    gate: async (name, look) => {
      if (migration.state === 'stopped') await stopped(migration, migration.stage);
      await gate(migration, name, look);
    },
    attempt: async (stage, work, isPassedOn) => {
      await continueAsNewIfLong(migration);
      if (migration.isWithdrawing && migration.state !== 'stopped')
        migration.undoPauseMs = FIRST_UNDO_PAUSE_MS;
      return attempt(migration, stage, work, isPassedOn);
    },
    commit: (work) => {
      // An abort that came with the answer still counts; once the work is begun, in whichever run, it is
      // refused.
      if (!migration.isPastPointOfNoReturn && CancellationScope.current().consideredCancelled)
        throw new CancelledFailure('aborted before the point of no return');
      return CancellationScope.nonCancellable(work);
    },
    publish: () => publish(migration),
  };
}

/**
 * The target serves, the source stays parked: until an operator closes the migration, the source is
 * monitored.
 */
async function watch(migration: Migration): Promise<MigrationReport> {
  const act = activitiesAfter(
    () => Promise.resolve(),
    () => migration.approvals,
  );
  await standWatch(migration, act);
  await keepReport(migration, migration.report!, act);
  return ended(migration);
}

async function ended(migration: Migration): Promise<MigrationReport> {
  migration.state = 'migrated';
  noteState(migration.timeline, migration, Date.now());
  publish(migration);
  await condition(allHandlersFinished);
  return migration.report!;
}

/** Takes the target, makes the plan, and finds out who has to sign what. */
async function prepare(
  migration: Migration,
  act: Activities,
  request: MigrationRequest,
  nodes: NodeUids,
): Promise<void> {
  const target = { name: request.target, uid: nodes.targetUid };
  await attempt(migration, PREPARATION, async () => {
    await claim(target, 'target', act);
    // What had the target until now may have been lost half way, also while this waited for it.
    await act.readNothingLeft(nodes);
  });
  const planned = await readPlan(migration, act, request, nodes);
  migration.signatures = await attempt(migration, PREPARATION, () =>
    signatureRequests(migration.workflowId, planned, act),
  );
  const hostings = await attempt(migration, PREPARATION, () => hostingsOf(planned.plan, act));
  if (hostings) migration.hostings = hostings;
}

/**
 * Takes the target again: the claim ended with the run that was lost. Meanwhile it shows where that run stood;
 * where another migration has the target, nothing goes on until it gives it back.
 */
async function claimAgain(migration: Migration): Promise<void> {
  const { state, stage, lastFailure } = migration;
  const { target } = migration.hashed!.plan;
  const act = activitiesAfter(() => Promise.resolve());
  const take = () => claim(target, 'target', act).catch(openRefused);
  const isTaken = await take().then(
    () => true,
    () => false,
  );
  if (isTaken) return;
  // Whatever refused it does so again, as a failure that an operator removes.
  migration.undoPauseMs ??= FIRST_UNDO_PAUSE_MS;
  migration.state = 'running';
  await attempt(migration, stage, take);
  if (!migration.isWithdrawing) delete migration.undoPauseMs;
  migration.state = state;
  if (lastFailure) migration.lastFailure = lastFailure;
  publish(migration);
}

/** Ends a run that changed nothing; this one has something to go on from, and waits for the target. */
function openRefused(error: unknown): never {
  if (!(error instanceof ApplicationFailure)) throw error;
  throw refused('MigrationOpen', error.message);
}

/** Makes the plan; while there is an obstacle, an operator removes it and resumes. */
async function readPlan(
  migration: Migration,
  act: Activities,
  request: MigrationRequest,
  claimed: NodeUids,
): Promise<HashedPlan> {
  const hashed = await attempt(migration, PREPARATION, async () => {
    const made = await act.readPlan(request);
    migration.hashed = made;
    const { obstacles } = made.plan;
    assertClaimed(made.plan, claimed);
    if (obstacles.length === 0) return made;
    throw refused(
      'PlanObstructed',
      listed(
        obstacles.map(({ what, cure }) => `${what} (${cure})`),
        20,
      ),
    );
  });
  // The worker asks Temporal for it before it changes a node.
  upsertMemo({ [PLANNED_MEMO]: plannedMemo(hashed, workflowInfo().startTime) });
  return hashed;
}

/**
 * Takes back, in reverse order, what was begun, until it succeeds; a failing undo waits for an operator too.
 */
async function withdraw(migration: Migration): Promise<void> {
  if (!migration.isWithdrawing) {
    migration.isPaused = false;
    delete migration.pausedBy;
    migration.isWithdrawing = true;
    migration.state = 'aborting';
    delete migration.gate;
    delete migration.gateSince;
    if (migration.lastFailure) migration.firstFailure = migration.lastFailure;
    delete migration.lastFailure;
  }
  const isBegun = migration.steps.some(({ state }) => state !== 'waiting');
  const runner = isBegun ? runnerOf(migration, undoingActivities(holdOf(migration))) : undefined;
  const withdrawn = (await runner?.undo()) ?? [];
  const checked = (await runner?.checkUndone()) ?? [];
  const { firstFailure } = migration;
  migration.withdrawal = {
    withdrawn,
    stays: runner?.stays() ?? [],
    checked,
    ...(firstFailure && { firstFailure }),
  };
  migration.state = 'aborted';
  noteState(migration.timeline, migration, Date.now());
  publish(migration);
  const report = reportSoFar(migration, recordedSignatures(migration));
  if (report)
    await keepReport(
      migration,
      report,
      activitiesAfter(() => Promise.resolve()),
    );
  await condition(allHandlersFinished);
}
