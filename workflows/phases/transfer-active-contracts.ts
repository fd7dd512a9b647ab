import type { CopyInput } from '../../activities/contracts/copy.js';
import type { ByReference } from '../../model/listed.js';
import type { TransferRecord } from '../../model/migration.js';
import type { Activities } from '../../activities/index.js';
import { isReverse, type HashedPlan, type MigrationPlan, type ReversePlan } from '../../model/plan.js';
import { mismatch } from '../../model/failure.js';
import { DEFAULT_CATCH_UPS, DEFAULT_QUIET_SECONDS } from '../../model/request.js';
import { noteFound, noteJoined } from './connections.js';
import { exportInput } from './export-input.js';
import { importModeOf, importsOtherwise, takeNoted, uploadLate } from './migrate-dars.js';
import { hostedConnected, signersOf } from './recreate-parties.js';
import { awaitTraffic } from './traffic.js';
import { count, counted } from '../../model/count.js';
import {
  importPrefix,
  neededOf,
  nodesOf,
  reassignmentsOf,
  sourcePartiesOf,
} from '../../model/plan-parts.js';

/** A change that is copied within seconds: catching up once more would not make the freeze shorter. */
const SMALL_CHANGE = 1_000;
/** A step longer ago than that may have stopped in between. Each reading costs the time that nobody is served. */
const JUST_FROZEN_MS = 5_000;

/** Whether the contracts are copied while the source serves. */
export function isWarm({ request }: MigrationPlan): boolean {
  return (request.options?.copy ?? 'cold') !== 'cold';
}

/**
 * Copy the contracts while the source serves, and catch up with what changed meanwhile.
 *
 * The target is disconnected before the first byte and stays so until the cut-over: connecting it during an import
 * would end its process. Source: admin-api 2.9.
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
  if (isReverse(plan)) record.changes ??= await bringUpToDate({ ...planned, plan }, act, record);
  else await copy(planned, act, record);
  record.caughtUpOffset ??= record.copyOffset;
  await catchUpWhileServing(planned, act, record);
  return [];
}

/** Copy the active contracts of all parties that the target does not have yet. Source: admin-api 2 and 5.8. */
export async function apply(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  if (!takeJustFrozen(record)) await freezeAgain(planned, act, record);
  const { pinnedOffset, caughtUpOffset } = record;
  if (isWarm(planned.plan)) {
    if (caughtUpOffset !== pinnedOffset) await catchUp(planned, act, record, pinnedOffset!);
  } else {
    record.copyOffset ??= record.pinnedOffset!;
    await copy(planned, act, record);
  }
  return [...takeNoted(record), ...importsOtherwise(planned.plan, record), ...changesOf(record)];
}

/**
 * Take both nodes out of service, and find the offset after which nothing can happen on the source. A warm copy catches
 * up once more before. Source: admin-api 5.7.
 */
export async function freeze(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  if (isWarm(planned.plan) && record.pinnedOffset === undefined)
    await catchUpWhileServing(planned, act, record);
  await freezeAgain(planned, act, record);
  record.frozenAt = Date.now();
  return [];
}

/**
 * Whether both nodes were found frozen so shortly before that nothing has to be read again: true once. What moves in
 * between is found when the source is parked (`SourceMoved`).
 */
function takeJustFrozen(record: TransferRecord): boolean {
  const { frozenAt = -Infinity } = record;
  delete record.frozenAt;
  return Date.now() - frozenAt < JUST_FROZEN_MS;
}

async function freezeAgain(planned: HashedPlan, act: Activities, record: TransferRecord): Promise<void> {
  const { plan } = planned;
  const nodes = nodesOf(plan);
  // While it serves yet, so that what is found can be put right.
  await act.readReassignments(reassignmentsOf(planned));
  await isolateTarget(plan, act, record);
  await noteJoined(plan, act, record, 'source');
  record.outOfServiceAt ??= Date.now();
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
  await act.readUnchangedSigners(signersOf(plan));
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
  // While it is connected: afterwards it tells nothing.
  await awaitTraffic(plan, act, { isLate: true });
  if (record.targetLedgerEnd === undefined && !isReverse(plan)) {
    // The gate may have been open for hours; once the target is disconnected nobody knows what is granted to it.
    await act.readUnchangedSigners(signersOf(plan));
    const { alias } = plan.target.synchronizer;
    await act.checkTarget({
      ...nodesOf(plan),
      alias,
      needs: neededOf(plan),
      parties: hostedConnected(plan),
    });
  }
  const { ledgerEnd, connections } = await act.isolateTarget(nodesOf(plan));
  noteFound(plan, record, 'target', connections);
  record.targetLedgerEnd ??= ledgerEnd;
  return [];
}

async function copy(planned: HashedPlan, act: Activities, record: TransferRecord): Promise<void> {
  if (record.exported) return;
  const input: ByReference<CopyInput> = {
    ...exportInput(planned, record.copyOffset!),
    workflowIdPrefix: importPrefix(planned.hash),
    importMode: importModeOf(planned.plan, record),
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
  record: TransferRecord,
): Promise<NonNullable<TransferRecord['changes']>> {
  const { plan, hash } = planned;
  const { sent, purged } = await act.repairDifferences({
    ...exportInput(planned, record.copyOffset!),
    alias: plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(hash),
    importMode: importModeOf(plan, record),
    plannedTargetLedgerEnd: plan.changes.targetLedgerEnd,
    copied: { offset: record.copyOffset! },
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
    importMode: importModeOf(planned.plan, record),
    toOffset,
    copyOffset: record.copyOffset!,
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
    `${counted(imported, 'contract')} imported, ${count(purged)} purged, as of offset ${copyOffset}`;
  return [
    changes ? changed(changes) : copied(),
    ...(catchUps.length > 0
      ? [
          `caught up to offset ${pinnedOffset} in ${counted(catchUps.length, 'step')}: ` +
            `${counted(sum('created'), 'contract')} imported, ${count(sum('archived'))} purged`,
        ]
      : []),
  ];
}
