import type { ExportInput } from '../../activities/spooling.js';
import type { ExportedContracts } from '../../model/acs.js';
import type { TransferRecord } from '../../model/migration.js';
import type { Activities } from '../../activities/index.js';
import { movedParties, type HashedPlan } from '../../model/plan.js';
import { mismatch } from '../../model/failure.js';
import { DEFAULT_QUIET_SECONDS, DEFAULT_SHARD_CONTRACTS } from '../../model/request.js';
import { counted, importPrefix, nodesOf } from './plan-input.js';

/**
 * Move the active contracts of all parties: freeze both nodes, export once at the pinned offset, import in shards.
 *
 * The first phase that takes the source out of service. The target is disconnected before the first byte and
 * stays so until the cut-over: connecting it during an import would end its process. `undo` puts both nodes back
 * into service, without the contracts on the target. Source: Canton facts 2, 5.7 and 5.8.
 */
export async function apply(
  { plan, hash }: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const nodes = nodesOf(plan);
  const { ledgerEnd: targetLedgerEnd } = await act.isolateTarget(nodes);
  record.targetLedgerEnd ??= targetLedgerEnd;
  const { ledgerEnd } = await act.quiesceSource({
    source: nodes.source,
    alias: plan.source.synchronizer.alias,
    synchronizerId: plan.source.synchronizer.logicalId,
    resourceLimits: plan.source.resourceLimits,
    quietSeconds: plan.request.options?.quietSeconds ?? DEFAULT_QUIET_SECONDS,
  });
  record.pinnedOffset ??= ledgerEnd;
  if (record.pinnedOffset !== ledgerEnd) {
    throw mismatch(
      'SourceMoved',
      `the ledger end of ${nodes.source} is ${ledgerEnd}, expected the exported offset ${record.pinnedOffset}`,
    );
  }
  await act.readUnchangedParties({
    ...nodes,
    synchronizerId: plan.source.synchronizer.logicalId,
    parties: plan.parties.filter(({ class: its }) => its !== 'admin').map(({ party }) => party),
  });
  const what = exportInput({ plan, hash }, record.pinnedOffset);
  record.exported ??= await act.exportActiveContracts(what);
  await importShards(what, record.exported, importPrefix(hash), act, record);
  const { total, shardCount } = record.exported;
  return [
    `${counted(total.contractCount, 'contract')} imported in ${counted(shardCount, 'call')}, exported at offset ${record.pinnedOffset}`,
  ];
}

/** One shard after the other, each its own call: the target allows one import at a time. */
async function importShards(
  what: ExportInput,
  { shardCount, total }: ExportedContracts,
  workflowIdPrefix: string,
  act: Activities,
  record: TransferRecord,
) {
  while (record.importedShards < shardCount) {
    const { ledgerEnd } = await act.importShard({
      ...what,
      exported: { shardCount, total },
      workflowIdPrefix,
      shard: record.importedShards + 1,
      beginExclusive: record.targetLedgerEnd!,
    });
    record.targetLedgerEnd = ledgerEnd;
    record.importedShards += 1;
    record.importedContracts = Math.min(
      record.importedShards * what.shardContracts,
      total.contractCount,
    );
  }
}

/**
 * Put the source back into service first, then take the contracts off the target and connect it again.
 *
 * The target stays disconnected until it holds none of them, so no contract is ever live on both nodes.
 */
export async function undo(
  { plan, hash }: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  const { source, target } = plan;
  const { resourceLimits, connections } = source;
  await act.returnSource({ source: source.name, resourceLimits, connections });
  const { purged } = await act.purgeImported({
    target: target.name,
    alias: target.synchronizer.alias,
    synchronizerId: target.synchronizer.logicalId,
    parties: movedParties(plan),
    workflowIdPrefix: importPrefix(hash),
  });
  await act.connectTarget({
    target: target.name,
    synchronizerId: target.synchronizer.logicalId,
    connections: target.connections,
  });
  if (record.pinnedOffset) await act.removeExport({ planHash: hash, pinnedOffset: record.pinnedOffset });
  return [
    `${source.name} connected and serving again`,
    ...(purged > 0 ? [`${counted(purged, 'contract')} purged from ${target.name}`] : []),
    `${target.name} connected as before`,
  ];
}

/** Which export this migration makes at the pinned offset. */
export function exportInput({ plan, hash }: HashedPlan, pinnedOffset: string): ExportInput {
  return {
    source: plan.source.name,
    target: plan.target.name,
    sourceUid: plan.source.uid,
    planHash: hash,
    synchronizers: {
      source: plan.source.synchronizer.logicalId,
      target: plan.target.synchronizer.logicalId,
    },
    partyNames: movedParties(plan).map((party) => party.slice(0, party.lastIndexOf('::'))),
    namespace: plan.source.namespace,
    allowsShared: plan.contracts.treatment === 'include',
    excludedStakeholders: plan.contracts.treatment === 'exclude' ? plan.contracts.sharedWith : [],
    pinnedOffset,
    shardContracts: plan.request.options?.shardContracts ?? DEFAULT_SHARD_CONTRACTS,
  };
}
