import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

import { isApproved, type Migration } from '../../model/migration.js';
import { GATES, type Gate, type Stage } from '../../model/phase.js';
import { reportedFailure } from './outcome.js';
import { enter, publish } from './stage.js';

/** Between two readings at an open gate; doubled each time up to the longest, so that history stays small. */
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 15 * 60_000;

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
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    await until(isDecided, () => told(migration, before, look));
    if (await condition(isDecided, pauseMs)) break;
  }
  delete migration.gate;
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
