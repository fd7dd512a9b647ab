import { isLive, type HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';

/** What of the way back an operator decides otherwise. */
export interface BackOptions {
  /** A fresh node in place of the old one, by its name in the worker's configuration. */
  target?: string;
  /** Logical id, or alias on that node. */
  targetSynchronizer?: string;
}

/**
 * Returns the request that leads back from where a migration went: to the old node, which gets only what changed
 * since, or to a fresh one, whose delegation the holder of the root key signs. Source: Canton facts 2.9.
 *
 * What went by the live route goes back by it; if a synchronizer is named, the plan chooses the route.
 */
export function requestBack(
  { plan }: HashedPlan,
  { target, targetSynchronizer }: BackOptions,
): MigrationRequest {
  const { source, target: served, request } = plan;
  const { quietSeconds, sharedContracts, leaveBehind, delegation } = request.options ?? {};
  const wentLive = isLive(plan);
  const staysLive = wentLive && targetSynchronizer === undefined;
  const isFresh = target !== undefined && target !== source.name;
  const rootKeyHolder = request.rootKeyHolder ?? source.name;
  return {
    source: served.name,
    target: target ?? source.name,
    sourceSynchronizer: served.synchronizer.logicalId,
    targetSynchronizer: targetSynchronizer ?? source.synchronizer.logicalId,
    ...(staysLive && { route: 'live' as const }),
    ...(isFresh && { rootKeyHolder }),
    options: {
      ...(!isFresh && !wentLive && { copy: 'changes' as const }),
      ...(quietSeconds !== undefined && { quietSeconds }),
      ...(sharedContracts !== undefined && { sharedContracts }),
      ...(leaveBehind !== undefined && { leaveBehind }),
      ...(staysLive && delegation !== undefined && { delegation }),
    },
  };
}
