import type { Activities } from '../../activities/index.js';
import type { TransferRecord } from '../../model/migration.js';
import { isReverse, type HashedPlan, type MigrationPlan } from '../../model/plan.js';
import { connectionsOf } from './connections.js';
import { counted } from '../../model/count.js';
import { countOf } from '../../model/listed.js';
import { partiesOf } from '../../model/plan-parties.js';
import { importPrefix, nodesOf } from '../../model/plan-parts.js';
import { pingAnswer } from './cut-over.js';
import { isTargetSpent } from './transfer-undo.js';

/**
 * Read, after everything was taken back, that both nodes are as before: nothing is changed.
 *
 * Returns what was found, in an operator's words. A source that was not connected when the plan was made cannot
 * be pinged, and says so.
 */
export async function check(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const source = await checkSource(planned, act, record);
  return [...source, ...(await checkTarget(planned, act, record))];
}

/** The source serves as before. */
export async function checkSource(
  { plan }: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const { source } = nodesOf(plan);
  const { synchronizer } = plan.source;
  const connections = connectionsOf(plan, record, 'source');
  const { hosted, ledgerEnd } = await act.readReturnedSource({
    source,
    synchronizerId: synchronizer.logicalId,
    connections,
    parties: partiesOf(plan, 'hosted'),
  });
  const connected = connections.filter(({ isConnected }) => isConnected).map(({ alias }) => alias);
  const isServing = connected.includes(synchronizer.alias);
  const { needs } = plan;
  const ping = { participant: source, synchronizerId: synchronizer.logicalId, needs };
  const answer = isServing
    ? pingAnswer(await act.pingSelf(ping))
    : `was not connected to ${synchronizer.alias} when the plan was made, so it was not pinged`;
  return [
    `${source.name} connected to ${connected.join(', ') || 'nothing, as before'}, ${answer}`,
    `${source.name} serves its ledger, up to offset ${ledgerEnd}, and hosts ${counted(hosted, 'party', 'parties')} of the plan`,
  ];
}

/** The target is as before. */
async function checkTarget(
  { plan, hash }: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const { keptParties = [] } = record;
  if (isTargetSpent(plan, record)) return [spent(plan)];
  const { target, synchronizerId } = nodesOf(plan);
  // A target that was parked before keeps its contracts and parties; only that it is parked again is read.
  const isParked = isReverse(plan);
  const { createdByOthers } = await act.readClearedTarget({
    target,
    synchronizerId,
    ...(plan.replaces && { replacedUid: plan.replaces.uid }),
    connections: connectionsOf(plan, record, 'target'),
    parties: isParked ? [] : partiesOf(plan, 'former'),
    keptParties,
    workflowIdPrefix: importPrefix(hash),
  });
  const others =
    createdByOthers > 0 ? `; ${counted(createdByOthers, 'contract')} that others created stay` : '';
  if (isParked) return [`${target.name} parked, as before`];
  return [
    `${target.name} connected as before, without contracts of the import${others}`,
    `${target.name} hosts none of the parties that it did not host before${countOf(keptParties) > 0 ? `, but ${counted(countOf(keptParties), 'party', 'parties')} of contracts that others created` : ''}`,
  ];
}

/** Nothing is read of it: whatever it has, it has to go. */
function spent({ target }: MigrationPlan): string {
  return `${target.name} disconnected, and never to be connected again: start it with a fresh database, then start again`;
}
