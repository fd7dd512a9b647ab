import type { Activities } from '../../activities/index.js';
import type { MigrationPlan } from '../../model/plan.js';
import { nodesOf } from './plan-input.js';

/** Make sure that the source can never serve these contracts again by itself. The last step that can be undone. */
export async function parkSource(
  plan: MigrationPlan,
  act: Activities,
  pinnedOffset: string,
): Promise<void> {
  await act.ensureSourceParked({ source: plan.source.name, pinnedOffset });
}

/**
 * Let the target serve.
 *
 * The reconnect is the point of no return: from then on a ledger transaction on the target synchronizer may
 * consume an imported contract. Only after the source is parked, or both would serve. Source: Canton facts 5.8.
 */
export async function apply(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { target, targetUid, synchronizerId } = nodesOf(plan);
  await act.connectTarget({ target, synchronizerId, connections: plan.target.connections });
  const { pingTimeMs } = await act.pingSelf({ participant: target, uid: targetUid });
  return [
    `${plan.source.name} parked: disconnected, manual connect on every alias`,
    `${target} connected to ${plan.target.synchronizer.alias}, answers itself in ${pingTimeMs} ms`,
  ];
}
