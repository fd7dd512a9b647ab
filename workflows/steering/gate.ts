import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

import { isApproved, type Migration } from '../../model/migration.js';
import { GATES, type Gate, type Stage } from '../../model/phase.js';
import { reportedFailure } from './outcome.js';
import { enter, publish } from './stage.js';

/**
 * Between two readings at an open gate; doubled each time up to the longest, which grows with the time that the gate is
 * open: a reading costs an estimated 15 events of the history, so that a day of them every quarter of an hour costs 1,400,
 * and every further week 600.
 */
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 15 * 60_000;
const LOOKS_OF_A_DAY = 100;
const LATER_LOOK_MS = 4 * 60 * 60_000;

/**
 * Waits until an operator approves what comes next, with the hash of the plan. `look` keeps current meanwhile what the
 * operator has to know; its failures are told, and a decision does not wait for it.
 */
export async function gate(migration: Migration, name: Gate, look: () => Promise<void>): Promise<void> {
  const { before } = GATES[name];
  migration.gate = name;
  delete migration.differences;
  enter(migration, before, 'waiting-for-approval');
  const isDecided = () => isApproved(migration, name);
  for (let looks = 0; ; looks += 1) {
    await until(isDecided, () => told(migration, before, look));
    if (await condition(isDecided, pauseAfter(looks))) break;
  }
  delete migration.gate;
}

function pauseAfter(looks: number): number {
  if (looks > LOOKS_OF_A_DAY) return LATER_LOOK_MS;
  return Math.min(FIRST_LOOK_MS * 2 ** looks, LONGEST_LOOK_MS);
}

/** Runs `work`, and ends it early once something is so. */
async function until(isSo: () => boolean, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  let isOver = false;
  const over = condition(() => isOver || isSo()).then(
    () => scope.cancel(),
    () => undefined,
  );
  try {
    await scope.run(work);
  } catch (error) {
    if (!isCancellation(error) || !isSo()) throw error;
  } finally {
    isOver = true;
    await over;
  }
}

async function told(migration: Migration, stage: Stage, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    delete migration.lastFailure;
  } catch (error) {
    const failure = isCancellation(error) ? undefined : reportedFailure(stage, error);
    if (!failure) throw error;
    migration.lastFailure = failure;
  }
  publish(migration);
}
