import type { Activities } from '../../activities/index.js';
import type { TransferRecord } from '../../model/migration.js';
import { isReturn, movedParties, type MigrationPlan } from '../../model/plan.js';
import type { EqualityProof } from '../../model/report.js';
import * as delegateNamespace from './delegate-namespace.js';
import * as migrateDars from './migrate-dars.js';
import { nodesOf, refOf } from './plan-input.js';
import * as recreateParties from './recreate-parties.js';

/** Make sure that the source can never serve these contracts again by itself. The last step that can be undone. */
export async function parkSource(
  plan: MigrationPlan,
  act: Activities,
  pinnedOffset: string,
): Promise<void> {
  await act.ensureSourceParked({ source: refOf(plan.source), pinnedOffset });
}

/**
 * Connect the target, if both nodes still are what was found equal. Returns false, with nothing connected, if not.
 *
 * The point of no return: from the connect on a ledger transaction on the target synchronizer may consume an imported
 * contract. Only after the source is parked, or both would serve. Source: Canton facts 5.8.
 */
export async function connect(
  plan: MigrationPlan,
  act: Activities,
  proof: EqualityProof,
  isBegun: boolean,
): Promise<boolean> {
  const { source, target, synchronizerId } = nodesOf(plan);
  const { alias } = plan.target.synchronizer;
  const connections = connectionsOf(plan);
  const { isConnected } = await act.connectProvenTarget({
    ...{ source, target, synchronizerId, alias, connections },
    parties: movedParties(plan),
    proof,
    isBegun,
  });
  return isConnected;
}

/** Let the target serve. It is connected already; one that was restarted since is connected again. */
export async function apply(
  plan: MigrationPlan,
  act: Activities,
  { late }: Pick<TransferRecord, 'late'>,
): Promise<string[]> {
  const { target, synchronizerId } = nodesOf(plan);
  await act.connectTarget({ target, synchronizerId, connections: connectionsOf(plan) });
  const changed: string[] = [];
  if (isReturn(plan)) {
    // What a parked node could not propose.
    await delegateNamespace.awaitVisible(plan, act);
    changed.push(...(await recreateParties.host(plan, act)));
  }
  changed.push(...(await migrateDars.vet(plan, act, late)));
  const { pingTimeMs } = await act.pingSelf({ participant: target, synchronizerId });
  return [
    `${plan.source.name} parked: disconnected, manual connect on every alias`,
    `${target.name} connected to ${plan.target.synchronizer.alias}, answers itself in ${pingTimeMs} ms`,
    ...changed,
  ];
}

/** As before the migration; a node that was parked serves the one synchronizer again, others stay as they are. */
function connectionsOf(plan: MigrationPlan) {
  const { connections, synchronizer } = plan.target;
  if (!isReturn(plan)) return connections;
  return connections.map((its) =>
    its.alias === synchronizer.alias ? { ...its, isConnected: true, isManualConnect: false } : its,
  );
}
