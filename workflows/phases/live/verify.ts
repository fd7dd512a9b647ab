import type { CommonOffsets } from '../../../activities/contracts/serving-comparison.js';
import type { Activities } from '../../../activities/index.js';
import { mismatch } from '../../../model/failure.js';
import type { ContractPackage } from '../../../model/acs.js';
import { describeCommitments, type LiveRecord, type ServingComparison } from '../../../model/live.js';
import type { HashedPlan, LivePlan } from '../../../model/plan.js';
import type { ContractsElsewhere, Verification } from '../../../model/report.js';
import { counted } from '../../../model/count.js';
import { importPrefix } from '../../../model/plan-parts.js';
import type { LiveRun } from '../../run.js';
import { notEqual, readServing, record } from '../verify.js';
import { copyGroups } from './transfer-active-contracts.js';
import { groupInput, hostOf, unreliableOf, wholeInput } from './live-input.js';

/**
 * Compare both nodes while the target is still disconnected. If an operator asked for it, what differs is repaired first.
 * Leaves the verification; fails with `NotVerified` unless it is equal.
 */
export async function prove({ planned, act, live, migration }: LiveRun): Promise<string[]> {
  delete live.provenLedgerEnd;
  await copyGroups(planned, act, live, migration.transfer);
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
 * Compare the contracts of every activation group on both nodes, while the target is still disconnected: the gate
 * before its connection. Nothing is changed. Source: live-route 2, step 9.
 */
export async function compare(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<Omit<Verification, 'verifiedAt'>> {
  const compared: Omit<Verification, 'verifiedAt'>[] = [];
  const sum = (of: (its: Omit<Verification, 'verifiedAt'>) => number) =>
    compared.reduce((total, its) => total + of(its), 0);
  for (const index of live.groups.keys()) {
    const comparedBefore = sum(({ contractCount }) => contractCount);
    const input = { ...groupInput(planned, live, index), comparedBefore };
    compared.push(await act.compareActiveContracts(input));
  }
  const [first = { targetLedgerEnd: live.targetOffset! }, ...others] = compared;
  const moved = others.find(({ targetLedgerEnd }) => targetLedgerEnd !== first.targetLedgerEnd);
  if (moved) {
    throw mismatch(
      'EqualityStale',
      `the ledger end of ${planned.plan.target.name} went from ${first.targetLedgerEnd} to ${moved.targetLedgerEnd} while it was compared, expected no change`,
    );
  }
  return {
    isEqual: compared.every(({ isEqual }) => isEqual),
    contractCount: sum(({ contractCount }) => contractCount),
    sourceOffset: live.groups.at(-1)?.offset ?? live.sourceOffset!,
    targetLedgerEnd: first.targetLedgerEnd,
    parties: compared.flatMap(({ parties }) => parties),
    packages: joined(compared.flatMap(({ packages }) => packages)),
    differences: compared.flatMap(({ differences }) => differences),
    differenceCount: sum(({ differenceCount }) => differenceCount),
    totals: {
      missing: sum(({ totals }) => totals.missing),
      extra: sum(({ totals }) => totals.extra),
      different: sum(({ totals }) => totals.different),
    },
    ...elsewhereOf(compared),
  };
}

/** A contract of parties of two groups is counted twice. */
function elsewhereOf(compared: Pick<Verification, 'elsewhere'>[]): Pick<Verification, 'elsewhere'> {
  const byId = new Map<string, ContractsElsewhere>();
  for (const its of compared.flatMap(({ elsewhere = [] }) => elsewhere)) {
    const before = byId.get(its.synchronizerId);
    const contractCount = its.contractCount + (before?.contractCount ?? 0);
    byId.set(its.synchronizerId, { ...(before ?? its), contractCount });
  }
  return byId.size === 0 ? {} : { elsewhere: [...byId.values()] };
}

/** Packages of several comparisons, each once. */
function joined(packages: ContractPackage[]): ContractPackage[] {
  const byId = new Map<string, ContractPackage>();
  for (const its of packages) {
    const contractCount = its.contractCount + (byId.get(its.packageId)?.contractCount ?? 0);
    byId.set(its.packageId, { ...its, contractCount });
  }
  return [...byId.values()];
}

/** Send what is missing on the target again and purge what it has too much; different content stays as it is. */
export async function repair(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  const { alias } = planned.plan.target.synchronizer;
  const workflowIdPrefix = importPrefix(planned.hash);
  for (const index of live.groups.keys()) {
    await act.repairDifferences({ ...groupInput(planned, live, index), alias, workflowIdPrefix });
  }
}

/** Compare both nodes at one record time, while both serve. */
export async function compareServing(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  { recordTime, sourceOffset, targetOffset }: CommonOffsets,
): Promise<ServingComparison> {
  const compared = await act.compareActiveContracts({
    ...wholeInput(planned, sourceOffset),
    targetOffset,
  });
  const { contractCount, packages } = compared;
  if (!compared.isEqual) {
    throw mismatch('NodesDiffer', `at ${recordTime}, ${notEqual(compared).message}`);
  }
  return { contractCount, packages, recordTime, sourceOffset, targetOffset };
}

/**
 * Read, after the removal of the source, that the target serves what both did to that very instant, and that the other
 * participants agree with it. Source: live-route 2, step 14; live-route 7.
 */
export async function apply({ planned, plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  const removal = await act.readRemoval({ ...host, sinceOffset: live.sourceOffset! });
  const { contractCount, packages } = await compareServing(planned, act, removal);
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
  return [
    `${counted(contractCount, 'contract')} equal on both nodes at the removal of ${plan.source.name}`,
    ...serving,
    `after the removal, ${describeCommitments({ commitments: after.matched, unshared: after.unshared })}`,
  ];
}
