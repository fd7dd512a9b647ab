import type { CompareInput } from '../../../activities/contracts/compare-input.js';
import type { CommonOffsets } from '../../../activities/contracts/serving-comparison.js';
import type { Activities } from '../../../activities/index.js';
import { mismatch } from '../../../model/failure.js';
import { describeCommitments, type LiveRecord, type ServingComparison } from '../../../model/live.js';
import type { ByReference } from '../../../model/listed.js';
import type { HashedPlan, LivePlan } from '../../../model/plan.js';
import type { Verification } from '../../../model/report.js';
import { counted } from '../../../model/count.js';
import { importPrefix } from '../../../model/plan-parts.js';
import type { LiveRun } from '../../run.js';
import { notEqual, readServing, record } from '../verify.js';
import { copyContracts } from './transfer-active-contracts.js';
import { copiedOf, copyInput, hostOf, unreliableOf, wholeInput } from './live-input.js';

/**
 * Compare both nodes while the target is still disconnected. If an operator asked for it, what differs is repaired first.
 * Leaves the verification; fails with `NotVerified` unless it is equal.
 */
export async function prove({ planned, act, live, migration }: LiveRun): Promise<string[]> {
  delete live.provenLedgerEnd;
  await copyContracts(planned, act, live, migration.transfer);
  const { repairBy } = migration;
  // Asked for once: whatever it comes to, a resume compares.
  delete migration.repairBy;
  if (repairBy !== undefined) await repair(planned, act, live);
  const compared = await compare(planned, act, live);
  record(migration, compared);
  live.provenLedgerEnd = compared.targetLedgerEnd;
  return [];
}

/**
 * Compare the contracts that the target was to get on both nodes, while the target is still disconnected: the gate
 * before its connection. Nothing is changed. Source: live-route 2, step 9.
 */
export async function compare(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<Omit<Verification, 'verifiedAt'>> {
  const { activation } = live;
  const input = { ...copyInput(planned, live, activation!), ...copiedOf(activation!) };
  return act.compareActiveContracts(input);
}

/** Send what is missing on the target again and purge what it has too much; different content stays as it is. */
export async function repair(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  const { alias } = planned.plan.target.synchronizer;
  const workflowIdPrefix = importPrefix(planned.hash);
  await act.repairDifferences({
    ...copyInput(planned, live, live.activation!),
    ...copiedOf(live.activation!),
    alias,
    workflowIdPrefix,
  });
}

/** Compare both nodes at one record time, while both serve. */
export async function compareServing(
  { planned, act, live }: Pick<LiveRun, 'planned' | 'act' | 'live'>,
  offsets: CommonOffsets,
): Promise<ServingComparison> {
  const { contractCount, packages } = await compareAt(planned, act, offsets, copiedOf(live.activation!));
  const { recordTime, sourceOffset, targetOffset } = offsets;
  return { contractCount, packages, recordTime, sourceOffset, targetOffset };
}

async function compareAt(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  { recordTime, sourceOffset, targetOffset }: CommonOffsets,
  copied: Pick<ByReference<CompareInput>, 'copied'> = {},
): Promise<Omit<Verification, 'verifiedAt'>> {
  const compared = await act.compareActiveContracts({
    ...wholeInput(planned, sourceOffset),
    targetOffset,
    ...copied,
  });
  if (compared.isEqual) return compared;
  throw mismatch('NodesDiffer', `at ${recordTime}, ${notEqual(compared).message}`);
}

/**
 * Read, after the removal of the source, that the target serves what both did to that very instant, and that the other
 * participants agree with it. Source: live-route 2, step 14; live-route 7.
 */
export async function apply({ planned, plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  const removal = await act.readRemoval({ ...host, sinceOffset: live.sourceOffset! });
  const compared = await compareAt(planned, act, removal);
  const { contractCount, packages } = compared;
  const serving = await readServing(plan, act, { packages, late: migration.transfer.late });
  const after = await act.awaitCommitments({
    ...host,
    since: removal.recordTime,
    counterParticipants: plan.live.counterParticipants.after,
    ...unreliableOf(plan),
  });
  live.staying = (
    await act.readHostedParties({ participant: host.source, synchronizerId: host.synchronizerId })
  ).parties;
  live.commitments.push(...after.matched);
  live.unshared.push(...after.unshared);
  record(migration, compared, { isAfterCutOver: true });
  return [
    `${counted(contractCount, 'contract')} equal on both nodes at the removal of ${plan.source.name}`,
    ...serving,
    `after the removal, ${describeCommitments({ commitments: after.matched, unshared: after.unshared })}`,
  ];
}
