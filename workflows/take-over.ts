import {
  makeContinueAsNewFunc,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { CancellationScope } from '@temporalio/workflow';

import { migrationOf, type Carried } from '../model/carried.js';
import {
  describeLost,
  isLost,
  takenOver,
  waysFrom,
  whereItStood,
  type Delegated,
  type LostRun,
} from '../model/lost-run.js';
import { newMigration, type Migration } from '../model/migration.js';
import { statusOf } from '../model/migration-status.js';
import { PREPARATION } from '../model/phase.js';
import { PLANNED_MEMO } from '../model/planned.js';
import { MIGRATE_WORKFLOW, type RecoverRequest } from '../model/steering.js';
import { problemOf } from './carried.js';
import type { migrateParticipant } from './migrate-participant.js';
import { activitiesAfter } from './proxies.js';
import { isReset } from './reset.js';
import { malformedStart, quoted, refuseRepeatedStarts, refuseRequest } from './steering/edge.js';
import { status } from './steering/messages.js';
import { ending, endingWith } from './steering/outcome.js';
import { publish } from './steering/stage.js';

/**
 * As long as a worker that is cut off from Temporal may take itself for the current one, and a call of it may
 * be on its way: as after a heartbeat timeout.
 */
const QUIET_AFTER_MS = 10_000;

/**
 * Ends a run that Temporal's Reset began: as the run stood that worked last, as a new one. That one knows what
 * was done, and so it is never begun again, nor forgotten. Where that run had come to its end, this one ends
 * too, and changes nothing.
 */
export async function takeOverReset(migration: Migration): Promise<never> {
  const lost = await readLost();
  if (!lost)
    throw resetEnding(
      'no run before it had made a plan, so it has nothing to hand over, and changed nothing. Start it again: canton-migrate start',
    );
  if ('delegatedTo' in lost)
    throw resetEnding(
      `the migration runs as ${lost.delegatedTo}, where nothing was changed by that. Look there: canton-migrate status ${lost.delegatedTo}`,
    );
  const its = migrationOf(lost.carried);
  if (!isLost(lost)) {
    delete migration.isReset;
    Object.assign(migration, its);
    publish(migration);
    throw ending('RunReset', `${describeLost(lost, its)}: that stands, and nothing was changed since`);
  }
  return goOn(lost, takenOver(lost, { way: 'stopped' }));
}

/**
 * Takes over what a run left that was ended from outside, and goes back or forward from there, as a run of
 * {@link migrateParticipant}. Fails with `NothingToRecover` where nothing was left.
 */
export async function recoverMigration(request: RecoverRequest): Promise<never> {
  refuseRepeatedStarts();
  refuseRequest(request, ['by', 'runId']);
  const { way, by, runId } = request;
  if (way !== 'back' && way !== 'forward')
    throw malformedStart(`way: found ${quoted(way)}, expected back or forward`);
  const { workflowId } = workflowInfo();
  const shown = newMigration(workflowId);
  setHandler(status, () => statusOf(shown), { description: 'where the migration stands' });
  return CancellationScope.nonCancellable(async () => {
    const lost = await readLost();
    if (lost && 'delegatedTo' in lost)
      throw nothingToRecover(`the migration runs as ${lost.delegatedTo}; look there`);
    if (!lost) throw nothingToRecover('no earlier run of it had a plan, so nothing was changed');
    const its = migrationOf(lost.carried);
    if (!isLost(lost)) throw nothingToRecover(`run ${lost.runId} (${lost.end}) ${whereItStood(its)}`);
    // What was read by whoever asked was another one.
    if (isReset() || lost.runId !== runId) return goOn(lost, takenOver(lost, { way: 'stopped' }));
    const ways = waysFrom(its);
    if (!ways.includes(way))
      throw nothingToRecover(
        `run ${runId} ${whereItStood(its)}: from there the only way is ${ways.join(', ')}`,
      );
    return goOn(lost, takenOver(lost, { way, by }));
  });
}

async function readLost(): Promise<LostRun | Delegated | undefined> {
  try {
    const lost = await activitiesAfter(() => Promise.resolve()).readLostRun();
    return lost ?? undefined;
  } catch (error) {
    throw endingWith(PREPARATION, error);
  }
}

async function goOn(lost: LostRun, carried: Carried): Promise<never> {
  const { workflowId, memo } = workflowInfo();
  const { planned, request, closedAt } = lost;
  const problem = problemOf(carried, workflowId, planned.planHash);
  if (problem !== undefined) throw malformedStart(problem);
  // A call that an attempt of that run began may still be on its way.
  const left = Date.parse(closedAt) + QUIET_AFTER_MS - Date.now();
  if (left > 0) await sleep(left);
  const next = { ...memo, [PLANNED_MEMO]: planned };
  upsertMemo({ [PLANNED_MEMO]: planned });
  const go = makeContinueAsNewFunc<typeof migrateParticipant>({
    memo: next,
    workflowType: MIGRATE_WORKFLOW,
  });
  return go(request, ...carried);
}

function resetEnding(why: string) {
  return ending('RunReset', `this run was begun by Temporal's Reset, and ends: ${why}`);
}

function nothingToRecover(why: string) {
  return ending('NothingToRecover', `there is nothing to recover: ${why}`);
}
