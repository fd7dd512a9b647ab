import { abilitiesOf } from '../../model/abilities.js';
import type { Activities } from '../../activities/index.js';
import type { TransferRecord } from '../../model/migration.js';
import { isReverse, movedParties, type HashedPlan, type MigrationPlan } from '../../model/plan.js';
import { counted } from '../../model/count.js';
import { importPrefix, nodesOf, refOf } from '../../model/plan-parts.js';
import type { Explained } from '../../model/report.js';
import { connectionsOf, noteFound, noteJoined } from './connections.js';
import { isolateTarget } from './transfer-active-contracts.js';

/** Put the source back into service. */
export async function returnSource(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const { targetLedgerEnd } = record;
  // The target is disconnected once more, whoever connected it.
  await noteJoined(plan, act, record, 'target');
  const { targetConnections } = await act.returnSource({
    ...nodesOf(plan),
    parties: movedParties(plan),
    ...(targetLedgerEnd !== undefined && { targetLedgerEnd }),
    resourceLimits: plan.source.resourceLimits,
    connections: connectionsOf(plan, record, 'source'),
  });
  noteFound(plan, record, 'target', targetConnections);
  return [`${plan.source.name} connected and serving again`];
}

/**
 * Take the contracts off the target, and connect it as it was.
 *
 * It stays disconnected until it holds none of them, so no contract is ever live on both nodes. One that was parked
 * before stays as it is.
 */
export async function clearTarget(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const { plan, hash } = planned;
  const { target } = plan;
  const connect = () =>
    act.connectTarget({
      target: refOf(target),
      synchronizerId: target.synchronizer.logicalId,
      connections: connectionsOf(plan, record, 'target'),
    });
  if (isReverse(plan)) {
    if (record.joined?.target) await connect();
    return [];
  }
  // Somebody may have let it join another synchronizer since.
  await isolateTarget(plan, act, record);
  if (isTargetSpent(plan, record)) {
    await removeExport(planned, act, record);
    return [`${target.name} left disconnected: it may have contracts of the import`];
  }
  const { purged } = await act.purgeImported({
    target: refOf(target),
    alias: target.synchronizer.alias,
    synchronizerId: target.synchronizer.logicalId,
    parties: movedParties(plan),
    workflowIdPrefix: importPrefix(hash),
  });
  await connect();
  await removeExport(planned, act, record);
  return [
    ...(purged > 0 ? [`${counted(purged, 'contract')} purged from ${target.name}`] : []),
    `${target.name} connected as before`,
  ];
}

/**
 * Whether the target may have contracts that no purge takes back: it stays disconnected until it is started with a fresh
 * database.
 */
export function isTargetSpent(plan: MigrationPlan, { copyOffset }: TransferRecord): boolean {
  return !abilitiesOf(plan).purgeUndoesImport && copyOffset !== undefined;
}

/** Remove what was exported from the worker's disk. */
export async function removeExport(
  { hash }: HashedPlan,
  act: Activities,
  { copyOffset }: TransferRecord,
): Promise<string[]> {
  if (copyOffset !== undefined) await act.removeExport({ planHash: hash, offset: copyOffset });
  return [];
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan, record: TransferRecord): Explained[] {
  const { copyOffset } = record;
  const { target } = plan;
  if (isTargetSpent(plan, record))
    return [
      {
        what: `the contracts, parties, packages and users on ${target.name}, which stays disconnected`,
        why:
          'a contract that is purged and imported again is active there and invisible to its applications: never connect ' +
          `${target.name} again, start again with a fresh target database`,
      },
    ];
  if (isReverse(plan)) {
    if (copyOffset === undefined) return [];
    return [
      {
        what: `the contracts on ${target.name}, in part brought up to date`,
        why: 'it stays parked, as it was before; the next reverse migration compares all of them again',
      },
    ];
  }
  return [
    {
      what: `events of the import and its purge in the update stream of ${target.name}, and its grown ledger end`,
      why: 'a ledger is append-only; none of these contracts is active',
    },
  ];
}
