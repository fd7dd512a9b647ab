import { abilitiesOf } from '../../model/abilities.js';
import type { Activities } from '../../activities/index.js';
import type { CompareInput } from '../../activities/contracts/compare-input.js';
import type { LatePackages } from '../../model/late-packages.js';
import type { Migration, TransferRecord } from '../../model/migration.js';
import { mismatch } from '../../model/failure.js';
import type { ByReference } from '../../model/listed.js';
import { isReverse, movedParties, type HashedPlan, type MigrationPlan } from '../../model/plan.js';
import type { EqualityProof, Verification } from '../../model/report.js';
import type { Run } from '../run.js';
import * as migrateDars from './migrate-dars.js';
import * as migrateLocalState from './migrate-local-state.js';
import { count, counted, firstOf } from '../../model/count.js';
import { importPrefix, nodesOf, refOf } from '../../model/plan-parts.js';
import { exportInput } from './export-input.js';

/**
 * Compare local state, and the contracts of every party, on both nodes before the cut-over. If an operator asked for it,
 * what differs is repaired first. Leaves the verification; fails with `NotVerified` unless it is equal.
 */
export async function prove({ planned, plan, act, migration }: Run): Promise<string[]> {
  await migrateLocalState.compare(plan, act, migration.transfer);
  const { repairBy } = migration;
  // Asked for once: whatever it comes to, a resume compares.
  delete migration.repairBy;
  if (repairBy !== undefined) await repair(planned, act, migration.transfer);
  record(migration, await compare(planned, act, migration.transfer));
  return [];
}

/** Keeps what a comparison found: it is the one that is told. Fails with `NotVerified` unless it is equal. */
export function record(
  migration: Migration,
  compared: Omit<Verification, 'verifiedAt'>,
  after: Pick<Verification, 'isAfterCutOver'> = {},
): void {
  migration.verification = { ...compared, ...after, verifiedAt: new Date().toISOString() };
  migration.isVerificationStale = false;
  if (!compared.isEqual) throw notEqual(compared);
}

/** Compare the contracts of every party on both nodes, before the cut-over: nothing is changed. */
export async function compare(
  plan: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<Omit<Verification, 'verifiedAt'>> {
  return act.compareActiveContracts(carriedInput(plan, record));
}

/** Send what is missing on the target again and purge what it has too much; different content stays as it is. */
export async function repair(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<void> {
  const { plan, hash } = planned;
  await act.repairDifferences({
    ...carriedInput(planned, record),
    alias: plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(hash),
    ...(isReverse(plan) && { plannedTargetLedgerEnd: plan.changes.targetLedgerEnd }),
  });
}

/** A copy that was taken at the pinned offset says what the export there has to be. */
function compareInput(
  planned: HashedPlan,
  { pinnedOffset, copyOffset, exported }: TransferRecord,
): ByReference<CompareInput> {
  return {
    ...exportInput(planned, pinnedOffset!),
    ...(exported && copyOffset === pinnedOffset && { exported: { total: exported.total } }),
  };
}

/** The same, where only what changed since the copy has to be read. */
function carriedInput(planned: HashedPlan, record: TransferRecord): ByReference<CompareInput> {
  const { copyOffset: offset } = record;
  return {
    ...compareInput(planned, record),
    ...(offset !== undefined && abilitiesOf(planned.plan).tellsChanges && { copied: { offset } }),
  };
}

/** What a comparison proved. Fails with `NotVerified` if it was not equal: that proves nothing. */
export function proofOf(verification: Verification): EqualityProof {
  if (!verification.isEqual) throw notEqual(verification);
  const { sourceOffset, targetLedgerEnd, targetDigest } = verification;
  return { sourceOffset, targetLedgerEnd, ...(targetDigest !== undefined && { targetDigest }) };
}

/** Whether the target is still as it was found equal. Fails if somebody connected it meanwhile. */
export async function isProven(
  { plan }: HashedPlan,
  act: Activities,
  verification: Pick<Verification, 'isEqual' | 'targetLedgerEnd'>,
): Promise<boolean> {
  const { ledgerEnd } = await act.readFrozenTarget({ target: refOf(plan.target) });
  return verification.isEqual && ledgerEnd === verification.targetLedgerEnd;
}

/** The failure of a comparison that is not equal, with the first differences. */
export function notEqual({
  differences,
  differenceCount,
}: Pick<Verification, 'differences' | 'differenceCount'>) {
  const named = differences
    .slice(0, 5)
    .map((its) => `${its.contractId} ${its.kind} (${its.parties.join(', ')})`);
  return mismatch(
    'NotVerified',
    `${differenceCount} contracts differ between source and target: ${firstOf(named, differenceCount)}`,
  );
}

/**
 * Compare both nodes once more, now that the target is connected for good: at the ledger ends of the proof, which no ledger
 * transaction changes any more. Then read that it serves. Source: admin-api 5.8.
 */
export async function apply(run: Run): Promise<string[]> {
  const { plan, act, migration } = run;
  const proof = proofOf(migration.verification!);
  const { compared, changed } = abilitiesOf(plan).importMovesLedgerEnd
    ? await compareOnceMore(run, proof)
    : await readPublished(run, proof);
  const { packages } = compared;
  const serving = await readServing(plan, act, { packages, late: migration.transfer.late, proof });
  record(migration, compared, { isAfterCutOver: true });
  return [changed, ...serving];
}

type Compared = Omit<Verification, 'verifiedAt'>;

async function compareOnceMore(
  { planned, plan, act, migration }: Run,
  { sourceOffset, targetLedgerEnd: targetOffset }: EqualityProof,
): Promise<{ compared: Compared; changed: string }> {
  const compared = await act.compareActiveContracts({
    ...compareInput(planned, migration.transfer),
    targetOffset,
  });
  const { name } = plan.target;
  if (!compared.isEqual) {
    throw mismatch(
      'TargetChanged',
      `${name} no longer has what was compared at its offset ${targetOffset}: ${notEqual(compared).message}`,
    );
  }
  const count = counted(compared.contractCount, 'contract');
  return {
    compared,
    changed: `${count} equal, ${plan.source.name} at offset ${sourceOffset} and ${name} at ${targetOffset}`,
  };
}

/** The ledger has what was compared only since the target was connected, and clients may use it since. */
async function readPublished(
  { planned, plan, act, migration }: Run,
  { sourceOffset, targetLedgerEnd }: EqualityProof,
): Promise<{ compared: Compared; changed: string }> {
  const { active, archived } = await act.readPublishedContracts({
    ...exportInput(planned, sourceOffset),
    targetLedgerEnd,
  });
  const used = archived > 0 ? `, ${count(archived)} archived since` : '';
  return {
    compared: migration.verification!,
    changed: `${counted(active, 'contract')} visible on the Ledger API of ${plan.target.name}${used}`,
  };
}

/** What the contracts need of packages, and what became of the source's since the plan. */
type Needed = Pick<Verification, 'packages'> & {
  late: LatePackages | undefined;
  proof?: EqualityProof;
};

/** Read that the target hosts the parties, and has vetted what the source has of what was planned and of what contracts need. */
export async function readServing(
  plan: MigrationPlan,
  act: Activities,
  { packages, late, proof }: Needed,
): Promise<string[]> {
  const { target } = plan;
  const { hosted, vetted, unusable } = await act.readServingState({
    ...nodesOf(plan),
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    parties: movedParties(plan),
    vetting: migrateDars.toVet(plan, late).map(({ packageId }) => packageId),
    packages,
    ...(proof && { proof }),
  });
  return [
    `${counted(hosted, 'party', 'parties')} local on ${target.name}, ${counted(vetted, 'package')} vetted`,
    ...unusable.map((what) => `${what}, vetted on neither node: nobody could use them before either`),
  ];
}
