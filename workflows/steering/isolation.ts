import { CancellationScope, isCancellation } from '@temporalio/workflow';

import { isCopied, isWindowOpen } from '../../model/live.js';
import type { Migration } from '../../model/migration.js';
import type { Stage } from '../../model/phase.js';
import { refOf } from '../../model/plan-parts.js';
import { activitiesAfter } from '../proxies.js';
import { reportedFailure } from './outcome.js';
import { publish } from './stage.js';

/**
 * Waits for an operator, and tells at once if somebody connects a target in its onboarding window meanwhile: no step runs
 * that would notice it. One activity for as long as nothing happens, so that history does not grow.
 */
export async function whileWatched(
  migration: Migration,
  stage: Stage,
  wait: () => Promise<unknown>,
): Promise<void> {
  const { hashed } = migration;
  if (!hashed || !isToBeWatched(migration)) return void (await wait());
  const scope = new CancellationScope();
  let isOver = false;
  const watching = scope.run(async () => {
    const act = activitiesAfter(() => Promise.resolve());
    try {
      await act.watchIsolatedTarget({ target: refOf(hashed.plan.target) });
    } catch (error) {
      if (isOver || isCancellation(error)) return;
      const failure = reportedFailure(stage, error);
      if (!failure) throw error;
      migration.lastFailure = failure;
      publish(migration);
    }
  });
  try {
    await wait();
  } finally {
    // A decision does not wait for a worker that is gone.
    isOver = true;
    scope.cancel();
    void watching;
  }
}

/** Whether nobody may connect the target now, and nothing of this migration has. */
function isToBeWatched({ live, isWithdrawing }: Migration): boolean {
  if (!live || !isWindowOpen(live) || live.leftIsolated !== undefined) return false;
  // An abort connects one that never became a host; one that was connected as proven is compared again while it serves.
  if (isWithdrawing && !live.activation) return false;
  return live.caughtUpAt === undefined || !isCopied(live);
}
