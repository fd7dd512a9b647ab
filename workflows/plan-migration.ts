import { cureOfTaken, describeTaken, isOnlyWatched, type TakenNode } from '../model/claim.js';
import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import type { Activities } from '../activities/index.js';
import { refuseRequest } from './steering/edge.js';
import { ending, endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/**
 * Returns what a migration would do, and what stands in its way. Changes nothing.
 *
 * Fails with `MigrationOpen` where another migration has a node: what it has made of the nodes is no finding, and to do
 * anything about it by hand would be wrong.
 */
export async function planMigration(request: MigrationRequest): Promise<HashedPlan> {
  refuseRequest(request);
  const act = activitiesAfter(() => Promise.resolve());
  try {
    const taken = await takenOf(request, act);
    const planned = await act.readPlan(request);
    return taken.length === 0 ? planned : { ...planned, taken };
  } catch (error) {
    throw endingWith('plan', error);
  }
}

async function takenOf(request: MigrationRequest, act: Activities): Promise<TakenNode[]> {
  const { sourceUid, targetUid } = await act.readRequestedNodes(request);
  const nodes = [
    { name: request.source, uid: sourceUid },
    { name: request.target, uid: targetUid },
  ];
  const taken = await act.findTakenNodes({ nodes });
  const [source, target] = [sourceUid, targetUid].map((uid) =>
    taken.find((its) => its.claim.uid === uid),
  );
  if (isOnlyWatched(source, target)) return taken;
  const [first] = taken;
  const message = `${taken.map(describeTaken).join('; ')}. Nothing was planned: how the nodes stand now is its work`;
  throw ending('MigrationOpen', message, { kind: 'refused', cure: cureOfTaken(first!) });
}
