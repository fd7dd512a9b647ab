import type { Activities } from '../../activities/index.js';
import type { MigrationPlan } from '../../model/plan.js';
import { refOf } from '../../model/plan-parts.js';
import { capacity, costOf } from '../../model/traffic.js';

const FULL = 0.8;

/**
 * Wait until both nodes can spend what the migration still costs, or only what comes late in it.
 *
 * Ahead of what is better not begun than left half-way. Source: networks F.
 */
export async function awaitTraffic(
  plan: MigrationPlan,
  act: Activities,
  part: { isLate?: boolean } = {},
): Promise<void> {
  for (const side of ['source', 'target'] as const) {
    const its = plan.traffic?.[side];
    // Where others use it too it is never quite full.
    const cost = its ? Math.min(costOf(its, part), Math.floor(capacity(its.control, its) * FULL)) : 0;
    if (cost === 0) continue;
    await act.awaitTraffic({
      participant: refOf(plan[side]),
      synchronizerId: plan[side].synchronizer.logicalId,
      what: part.isLate ? 'the rest of the migration' : 'the migration',
      cost,
    });
  }
}
