import type { CopyInput } from '../../activities/contracts/copy.js';
import type { ExportInput } from '../../activities/contracts/spooling.js';
import type { TransferRecord } from '../../model/migration.js';
import type { Activities } from '../../activities/index.js';
import {
  isReverse,
  movedParties,
  namespaceOf,
  type HashedPlan,
  type MigrationPlan,
  type ReversePlan,
} from '../../model/plan.js';
import { mismatch } from '../../model/failure.js';
import type { Explained } from '../../model/report.js';
import { DEFAULT_CATCH_UPS, DEFAULT_QUIET_SECONDS } from '../../model/request.js';
import { connectionsOf, noteFound, noteJoined } from './connections.js';
import { lateChanges, uploadLate } from './migrate-dars.js';
import {
  counted,
  importPrefix,
  nodesOf,
  refOf,
  sourcePartiesOf,
  reassignmentsOf,
} from '../../model/plan-parts.js';

/**
 * Contracts in the smallest unit of an import call. It goes with the input of the export, so that a transfer that is
 * under way when a worker is upgraded finds its beginning again.
 */
export const SEGMENT_CONTRACTS = 500;
/** A change that is copied within seconds: catching up once more would not make the freeze shorter. */
const SMALL_CHANGE = 1_000;

/** Whether the contracts are copied while the source serves. */
export function isWarm({ request }: MigrationPlan): boolean {
  return (request.options?.copy ?? 'cold') !== 'cold';
}

/**
 * Copy the contracts while the source serves, and catch up with what changed meanwhile.
 *
 * The target is disconnected before the first byte and stays so until the cut-over: connecting it during an import
 * would end its process. Source: Canton facts 2.9.
 */
export async function copyAhead(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  await isolateTarget(planned.plan, act, record);
  const { ledgerEnd } = await uploadLate(planned.plan, act, record);
  record.copyOffset ??= ledgerEnd;
  const { plan } = planned;
  if (isReverse(plan))
    record.changes ??= await bringUpToDate({ ...planned, plan }, act, record.copyOffset);
  else await copy(planned, act, record);
  record.caughtUpOffset ??= record.copyOffset;
  await catchUpWhileServing(planned, act, record);
  return [];
}

/** Copy the active contracts of all parties that the target does not have yet. Source: Canton facts 2 and 5.8. */
export async function apply(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  await freezeAgain(planned, act, record);
  const { pinnedOffset, caughtUpOffset } = record;
  if (isWarm(planned.plan)) {
    if (caughtUpOffset !== pinnedOffset) await catchUp(planned, act, record, pinnedOffset!);
  } else {
    record.copyOffset ??= record.pinnedOffset!;
    await copy(planned, act, record);
  }
  return [...lateChanges(planned.plan, record), ...changesOf(record)];
}

/**
 * Take both nodes out of service, and find the offset after which nothing can happen on the source. A warm copy catches
 * up once more before. Source: Canton facts 5.7.
 */
export async function freeze(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  if (isWarm(planned.plan) && record.pinnedOffset === undefined)
    await catchUpWhileServing(planned, act, record);
  await freezeAgain(planned, act, record);
  return [];
}

async function freezeAgain(planned: HashedPlan, act: Activities, record: TransferRecord): Promise<void> {
  const { plan } = planned;
  const nodes = nodesOf(plan);
  // While it serves yet, so that what is found can be put right.
  await act.readReassignments(reassignmentsOf(planned));
  await isolateTarget(plan, act, record);
  await noteJoined(plan, act, record, 'source');
  const { ledgerEnd, connections } = await act.quiesceSource({
    source: nodes.source,
    alias: plan.source.synchronizer.alias,
    synchronizerId: plan.source.synchronizer.logicalId,
    resourceLimits: plan.source.resourceLimits,
    quietSeconds: plan.request.options?.quietSeconds ?? DEFAULT_QUIET_SECONDS,
  });
  noteFound(plan, record, 'source', connections);
  record.pinnedOffset ??= ledgerEnd;
  if (record.pinnedOffset !== ledgerEnd) {
    throw mismatch(
      'SourceMoved',
      `the ledger end of ${nodes.source.name} is ${ledgerEnd}, expected the pinned offset ${record.pinnedOffset}`,
    );
  }
  await act.readUnchangedParties(sourcePartiesOf(plan));
  await act.readReassignments(reassignmentsOf(planned));
  await uploadLate(plan, act, record);
}

/** Disconnect the target for good: connecting it during an import would end its process. */
export async function isolateTarget(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  await noteJoined(plan, act, record, 'target');
  const { ledgerEnd, connections } = await act.isolateTarget(nodesOf(plan));
  noteFound(plan, record, 'target', connections);
  record.targetLedgerEnd ??= ledgerEnd;
  return [];
}

async function copy(planned: HashedPlan, act: Activities, record: TransferRecord): Promise<void> {
  if (record.exported) return;
  const input: CopyInput = {
    ...exportInput(planned, record.copyOffset!),
    workflowIdPrefix: importPrefix(planned.hash),
    targetLedgerEnd: record.targetLedgerEnd!,
    ...(record.checkpoint && { checkpoint: record.checkpoint }),
  };
  const { exported, checkpoint } = await act.copyActiveContracts(input);
  record.exported = exported;
  record.checkpoint = checkpoint;
  record.targetLedgerEnd = checkpoint.targetLedgerEnd;
}

/** The target has the contracts of an earlier time: what is missing is imported, what it has too much is purged. */
async function bringUpToDate(
  planned: HashedPlan<ReversePlan>,
  act: Activities,
  offset: string,
): Promise<NonNullable<TransferRecord['changes']>> {
  const { plan, hash } = planned;
  const { sent, purged } = await act.repairDifferences({
    ...exportInput(planned, offset),
    alias: plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(hash),
    plannedTargetLedgerEnd: plan.changes.targetLedgerEnd,
  });
  return { imported: sent, purged };
}

/** Until little changes in between, or as often as the operator allows. */
async function catchUpWhileServing(planned: HashedPlan, act: Activities, record: TransferRecord) {
  const limit = planned.plan.request.options?.catchUps ?? DEFAULT_CATCH_UPS;
  for (let round = 1; round <= limit; round++) {
    const { ledgerEnd } = await uploadLate(planned.plan, act, record);
    const changed = await catchUp(planned, act, record, ledgerEnd);
    if (changed <= SMALL_CHANGE) return;
  }
}

/** Returns how many contracts were created and archived. */
async function catchUp(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
  toOffset: string,
): Promise<number> {
  const { targetLedgerEnd, ...caughtUp } = await act.catchUp({
    ...exportInput(planned, record.caughtUpOffset!),
    alias: planned.plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(planned.hash),
    toOffset,
  });
  record.catchUps.push(caughtUp);
  record.caughtUpOffset = caughtUp.offset;
  record.targetLedgerEnd = targetLedgerEnd;
  return caughtUp.created + caughtUp.archived;
}

function changesOf({
  exported,
  changes,
  checkpoint,
  catchUps,
  copyOffset,
  pinnedOffset,
}: TransferRecord): string[] {
  const sum = (of: 'created' | 'archived') => catchUps.reduce((total, its) => total + its[of], 0);
  const copied = () =>
    `${counted(exported!.total.contractCount, 'contract')} imported in ${counted(checkpoint!.callCount, 'call')}, exported at offset ${copyOffset}`;
  const changed = ({ imported, purged }: NonNullable<typeof changes>) =>
    `${counted(imported, 'contract')} imported, ${purged} purged, as of offset ${copyOffset}`;
  return [
    changes ? changed(changes) : copied(),
    ...(catchUps.length > 0
      ? [
          `caught up to offset ${pinnedOffset} in ${counted(catchUps.length, 'step')}: ` +
            `${counted(sum('created'), 'contract')} imported, ${sum('archived')} purged`,
        ]
      : []),
  ];
}

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

/** Remove what was exported from the worker's disk. */
export async function removeExport(
  { hash }: HashedPlan,
  act: Activities,
  { copyOffset }: TransferRecord,
): Promise<string[]> {
  if (copyOffset !== undefined) await act.removeExport({ planHash: hash, offset: copyOffset });
  return [];
}

/** Which export this migration makes of the source at an offset. */
export function exportInput({ plan, hash }: HashedPlan, offset: string): ExportInput {
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    planHash: hash,
    synchronizers: {
      source: plan.source.synchronizer.logicalId,
      target: plan.target.synchronizer.logicalId,
    },
    ...partiesOf(plan),
    allowsShared: plan.contracts.treatment === 'include',
    excludedStakeholders: plan.contracts.treatment === 'exclude' ? plan.contracts.sharedWith : [],
    ...(isReverse(plan) && { keptStakeholders: plan.changes.keptWith }),
    offset,
    segmentContracts: SEGMENT_CONTRACTS,
    expectedContracts: plan.contracts.total,
  };
}

/** Nearly always of one namespace, which then travels once. */
function partiesOf(plan: MigrationPlan): Pick<ExportInput, 'partyNames' | 'namespace' | 'otherParties'> {
  const moved = movedParties(plan);
  const namespace = moved[0] === undefined ? plan.source.namespace : namespaceOf(moved[0]);
  const otherParties = moved.filter((party) => namespaceOf(party) !== namespace);
  return {
    partyNames: moved
      .filter((party) => namespaceOf(party) === namespace)
      .map((party) => party.slice(0, party.lastIndexOf('::'))),
    namespace,
    ...(otherParties.length > 0 && { otherParties }),
  };
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan, { copyOffset }: TransferRecord): Explained[] {
  const { target } = plan;
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
      why: 'a ledger is only ever added to; no contract of them is active',
    },
  ];
}
