import { abilitiesOf } from '../../model/abilities.js';
import { mismatch } from '../../model/failure.js';
import { isReverse, movedParties, type MigrationPlan } from '../../model/plan.js';
import type { TransferRecord } from '../../model/migration.js';
import { connectionsOf, noteJoined } from './connections.js';
import * as delegateNamespace from './delegate-namespace.js';
import * as migrateDars from './migrate-dars.js';
import { neededOf, nodesOf, sourcePartiesOf, wantedOf } from '../../model/plan-parts.js';
import * as recreateParties from './recreate-parties.js';
import type { Run } from '../run.js';
import * as verify from './verify.js';

/**
 * Make sure that the source can never serve these contracts again by itself. The last step that can be undone.
 *
 * The gate may have been shut for hours: fails with `EqualityStale` if the target is not as it was compared.
 */
export async function parkSource({ planned, plan, act, migration }: Run): Promise<string[]> {
  // Whoever connected it meanwhile: an abort has to know to what.
  await noteJoined(plan, act, migration.transfer, 'source');
  await act.ensureSourceParked({
    ...sourcePartiesOf(plan),
    pinnedOffset: migration.transfer.pinnedOffset!,
  });
  await act.readUnchangedSigners(recreateParties.signersOf(plan));
  const { verification } = migration;
  if (!verification || !(await verify.isProven(planned, act, verification))) throw stale(plan);
  return [];
}

/**
 * Connect the target, if both nodes still are what was found equal. Fails with `EqualityStale`, with nothing connected,
 * if they are not.
 *
 * The point of no return: from the connect on a ledger transaction on the target synchronizer may consume an imported
 * contract. Only after the source is parked, or both would serve. Source: admin-api 5.8.
 */
export async function connect({ plan, act, migration }: Run): Promise<string[]> {
  const { source, target, synchronizerId } = nodesOf(plan);
  const { alias } = plan.target.synchronizer;
  const { transfer, verification } = migration;
  if (!verification?.isEqual) throw stale(plan);
  const proof = verify.proofOf(verification);
  const isBegun = transfer.isConnectBegun === true;
  // Whatever this attempt comes to, the next one has to know that the connect may have been sent.
  transfer.isConnectBegun = true;
  const { isConnected } = await act.connectProvenTarget({
    ...{ source, target, synchronizerId, alias, connections: servingConnections(plan, transfer) },
    parties: movedParties(plan),
    proof,
    isBegun,
  });
  if (isConnected) return [`${source.name} parked: disconnected, manual connect on every alias`];
  delete transfer.isConnectBegun;
  throw stale(plan);
}

function stale({ source, target }: MigrationPlan) {
  return mismatch(
    'EqualityStale',
    `${source.name} or ${target.name} changed since they were compared, and nothing was connected`,
  );
}

/** Have a target that was parked before host the parties: it could not propose anything while it was disconnected. */
export async function hostParties(run: Run): Promise<string[]> {
  const { plan, act } = run;
  await keepConnected(run);
  await delegateNamespace.awaitVisible(plan, act);
  return recreateParties.host(plan, act, run.migration, run.unless);
}

/** Let the target serve. */
export async function apply(run: Run): Promise<string[]> {
  const { plan, act, migration } = run;
  const { target, synchronizerId } = nodesOf(plan);
  await keepConnected(run);
  if (abilitiesOf(plan).hostsDisconnected)
    await act.awaitHostingPublished({ target, synchronizerId, parties: wantedOf(plan) });
  const changed = await migrateDars.vet(plan, act, migration.transfer);
  const pinging = { participant: target, synchronizerId, needs: neededOf(plan) };
  const answer = pingAnswer(await act.pingSelf(pinging));
  return [`${target.name} connected to ${plan.target.synchronizer.alias}, ${answer}`, ...changed];
}

/** In an operator's words, after "the node". */
export function pingAnswer({ pingTimeMs }: { pingTimeMs?: number }): string {
  return pingTimeMs === undefined
    ? 'was not pinged: it may not submit there'
    : `pings itself in ${pingTimeMs} ms`;
}

/** It is connected already; one that was restarted since is connected again. */
async function keepConnected({ plan, act, migration }: Run): Promise<void> {
  const { target, synchronizerId } = nodesOf(plan);
  const proof = verify.proofOf(migration.verification!);
  await act.connectTarget({
    target,
    synchronizerId,
    connections: servingConnections(plan, migration.transfer),
    proof,
  });
}

/** As before the migration; a node that was parked serves the one synchronizer again, others stay as they are. */
function servingConnections(plan: MigrationPlan, record: TransferRecord) {
  const connections = connectionsOf(plan, record, 'target');
  const { synchronizer } = plan.target;
  if (!isReverse(plan)) return connections;
  return connections.map((its) =>
    its.alias === synchronizer.alias ? { ...its, isConnected: true, isManualConnect: false } : its,
  );
}
