import { log } from '@temporalio/activity';

import { compare, nameDifferences, type ComparedSides } from '../../acs/comparison.js';
import type { ContractIndex } from '../../acs/contract-index.js';
import type { Side } from '../../acs/carried-digest.js';
import type { ExportSource } from '../../acs/scan.js';
import { digestExport } from '../../acs/digest-stream.js';
import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type {
  AcsComparison,
  AcsDifferences,
  AcsDigest,
  ContractPackage,
  ExportedContracts,
} from '../../model/acs.js';
import type {
  ContractsElsewhere,
  EqualityProof,
  PartyComparison,
  Verification,
} from '../../model/report.js';
import type { ListStore } from '../../storage/list-store.js';
import { readIsolated } from '../nodes/connections.js';
import { inParts } from './export-parts.js';
import { CarriedDigests } from './carried-digests.js';
import { findPurged } from './contract-changes.js';
import { readElsewhere } from './elsewhere.js';
import type { Participants } from '../nodes/participants.js';
import type { BothNodes } from '../packages/late-packages.js';
import { exportOf, exportSharedWith } from './export-source.js';
import { findManifest, maxContractsOf, type ExportInput, type Spool } from './spooling.js';
import { idsOf, namesOf } from '../packages/package-names.js';
import { progress } from '../attempt/progress.js';
import { whileIsolated, workSignal } from '../hosting/isolation-monitor.js';
import { readIsolatedTarget, type OnboardingWindow } from '../hosting/window.js';

/** Differences of each kind that travel in the result; the counts are complete. */
const NAMED_DIFFERENCES = 500;
const NO_DIFFERENCES: AcsDifferences = { totals: { missing: 0, extra: 0, different: 0 }, named: [] };
/** Parties that are not equal and travel in the result; it counts the others. */
const NAMED_PARTIES = 20;

export interface CompareInput extends ExportInput {
  /** What was copied from this very export, as recorded; left out if the copy was taken at another offset. */
  exported?: Pick<ExportedContracts, 'total'>;
  /**
   * Offset of the target that is compared, while it serves; left out, it is compared at its ledger end, and has to be
   * disconnected from before the first byte to after the last. Decimal int64.
   */
  targetOffset?: string;
  /** On the live route: the target is a host already, and must not have been connected since. */
  window?: OnboardingWindow;
  /**
   * Of the copy, where it differs from this: what changed on both nodes since is read from their update streams. Left out,
   * both are exported.
   */
  copied?: Pick<ExportInput, 'offset'> &
    Partial<Pick<ExportInput, 'activations' | 'excludedStakeholders' | 'keptStakeholders'>>;
}

/** Both sides as they were read, and where they disagree. */
interface ComparedDigests {
  source: AcsDigest;
  target: AcsDigest;
  comparison: AcsComparison;
  targetLedgerEnd: string;
}

export type ComparedContracts = ComparedDigests & ComparedSides;

export function verifyActivities(participants: Participants, spool: Spool, lists: ListStore) {
  return {
    /**
     * Compares the contracts of every moved party: the source's at the pinned offset, the target's at its ledger
     * end. Returns the counts and digests, and names what differs.
     *
     * Both sides are read as exports, so that one definition of a contract's content serves both; or, after a copy that this
     * worker made, only what changed since, unless that finds a difference. What the
     * digest covers: `docs/phases/verify.md`. Memory does not grow with the ACS. Fails with `ExportChanged` if the
     * source's is not what was copied, and with `StillConnected` or `TargetExposed` unless the target is disconnected.
     */
    async compareActiveContracts(input: CompareInput): Promise<Omit<Verification, 'verifiedAt'>> {
      const carried = await compareCarried(participants, spool, input);
      const compared = carried ?? (await compareIsolated(participants, spool, input));
      const { source, target, comparison, targetLedgerEnd } = compared;
      const elsewhere = await elsewhereOf(participants, input, targetLedgerEnd);
      return {
        isEqual: comparison.isEqual,
        contractCount: source.total.contractCount,
        sourceOffset: input.offset,
        targetLedgerEnd,
        ...(await comparedParties(lists, source, target)),
        packages: target.packages,
        ...(await differencesOf(compared)),
        ...(carried && { isCarried: true }),
        ...(elsewhere.length > 0 && { elsewhere }),
      };
    },

    /**
     * Returns once the target serves: it is connected, hosts every moved party, has vetted what it was to vet and what its contracts
     * need, and nothing was done since the proof but by ledger transactions of the target: the source is parked where it was
     * compared. Fails with `StillConnected`, `SourceMoved`, `TargetRestored` and `TargetChanged` if not, and with `TargetNotServing`, naming
     * what is missing.
     *
     * `unusable` names packages of contracts that neither node has vetted: on the source nobody could use them either.
     */
    async readServingState(
      input: ServingInput,
    ): Promise<{ hosted: number; vetted: number; unusable: string[] }> {
      const target = participants.read(input.target);
      const store = { synchronizerId: input.synchronizerId };
      if (input.proof) await assertTakenOver(participants, input, input.proof);
      const [mappings, vetted, local, packages] = await Promise.all([
        target.topology.listPartyMappings(store, { participantUid: input.target.uid }),
        target.topology.findVettedPackages(store, input.target.uid),
        target.ledger.listLocalParties(),
        target.packages.listPackages(),
      ]);
      const without = (wanted: string[], found: Iterable<string>) => {
        const known = new Set(found);
        return wanted.filter((name) => !known.has(name));
      };
      const stored = idsOf(packages);
      const onTarget = input.vetting.filter((id) => stored.has(id));
      const isVetted = idsOf(vetted?.packages ?? []);
      const unvetted = onTarget.filter((id) => !isVetted.has(id));
      const { needed, unusable } = await splitNeeded(participants, input, isVetted);
      const registered = await target.synchronizers.listRegistered();
      const isServing = registered.some(
        (its) => its.logicalId === input.synchronizerId && its.isConnected,
      );
      const missing = [
        ...(isServing ? [] : [`the connection to ${input.synchronizerId}`]),
        ...without(
          input.parties,
          mappings.map(({ party }) => party),
        ).map((name) => `hosting of ${name}`),
        ...without(input.parties, local).map((name) => `local party ${name}`),
        ...namesOf(new Set([...unvetted, ...needed]), packages).map((name) => `vetting of ${name}`),
      ];
      if (missing.length > 0)
        throw mismatch('TargetNotServing', `${input.target.name} lacks ${listed(missing)}`);
      return { hosted: input.parties.length, vetted: onTarget.length, unusable };
    },
  };
}

async function differencesOf(
  compared: ComparedDigests | ComparedContracts,
): Promise<Pick<Verification, 'differences' | 'differenceCount' | 'totals'>> {
  const isNamed = 'sourceExport' in compared && !compared.comparison.isEqual;
  const { totals, named } = isNamed
    ? await nameDifferences(compared, NAMED_DIFFERENCES)
    : NO_DIFFERENCES;
  const differenceCount = totals.missing + totals.extra + totals.different;
  return { differences: named, differenceCount, totals };
}

/** What the target has on other synchronizers: an export of one does not show it. */
async function elsewhereOf(
  participants: Participants,
  input: CompareInput,
  offset: string,
): Promise<ContractsElsewhere[]> {
  return readElsewhere(participants.read(input.target), {
    parties: input.parties,
    offset,
    synchronizerId: input.synchronizers.target,
  });
}

export interface ServingInput extends BothNodes {
  parties: string[];
  /** Ids of the packages that the target was to vet. */
  vetting: string[];
  /** What the contracts on the target need. */
  packages: ContractPackage[];
  /** Of the comparison before the cut-over; on the live route, where the source serves whoever else it hosts, absent. */
  proof?: EqualityProof;
}

/** What was compared is what serves now: the source can have changed nothing, and nobody has repaired the target. */
async function assertTakenOver(
  participants: Participants,
  input: ServingInput,
  { sourceOffset, targetLedgerEnd }: EqualityProof,
): Promise<void> {
  const source = participants.read(input.source);
  await readIsolated(source);
  const sourceEnd = await source.ledger.readLedgerEnd();
  if (sourceEnd !== sourceOffset) {
    throw mismatch(
      'SourceMoved',
      `the ledger end of ${source.name} is ${sourceEnd}, expected the exported offset ${sourceOffset}: it was used after it had been compared`,
    );
  }
  const target = participants.read(input.target);
  const endInclusive = await target.ledger.readLedgerEnd();
  if (BigInt(endInclusive) < BigInt(targetLedgerEnd)) {
    throw mismatch(
      'TargetRestored',
      `the ledger end of ${target.name} is ${endInclusive}, and it was compared at ${targetLedgerEnd}: it is no longer the node that took over`,
    );
  }
  const range = { beginExclusive: targetLedgerEnd, endInclusive };
  const purged = await findPurged(target, input, range);
  if (purged.length === 0) return;
  throw mismatch(
    'TargetChanged',
    `${purged.length} contracts were purged on ${target.name} since it was compared: ${listed(purged)}`,
  );
}

/** Of the packages that contracts need and the target has not vetted: those that the source has, and the others. */
async function splitNeeded(
  participants: Participants,
  input: ServingInput,
  isVetted: ReadonlySet<string>,
): Promise<{ needed: string[]; unusable: string[] }> {
  const lacking = input.packages.filter(({ packageId }) => !isVetted.has(packageId));
  if (lacking.length === 0) return { needed: [], unusable: [] };
  const store = { synchronizerId: input.sourceSynchronizerId };
  const onSource = await participants
    .read(input.source)
    .topology.findVettedPackages(store, input.source.uid);
  const usable = idsOf(onSource?.packages ?? []);
  return {
    needed: lacking.filter((its) => usable.has(its.packageId)).map(({ packageId }) => packageId),
    unusable: lacking
      .filter((its) => !usable.has(its.packageId))
      .map((its) => `${its.contractCount} contracts of package ${its.name} (${its.packageId})`),
  };
}

/** The same as {@link readCarried}, while the target is watched if it is in its onboarding window. */
function compareCarried(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedDigests | undefined> {
  const target = participants.read(input.target);
  return whileIsolated(target, input.window, () => readCarried(participants, spool, input));
}

/**
 * Compares the digests that were carried along since the copy. Nothing if they cannot be, or are not equal: then exports of
 * both nodes have to tell what differs.
 */
async function readCarried(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedDigests | undefined> {
  const copy = copyOf(input);
  if (!copy) return undefined;
  await checkDisconnected(participants, input);
  const targetLedgerEnd = await targetOffsetOf(participants, input);
  const digests = new CarriedDigests(participants, spool, copy);
  const reading = { signal: workSignal(), onProgress: changesRead() };
  const carried = async (side: Side, offset: string) => {
    const digest = await digests.carry(side, offset, reading);
    return digest && withShared(participants, input, side, { digest, offset });
  };
  const source = await carried('source', input.offset);
  const target = source && (await carried('target', targetLedgerEnd));
  if (!target) return undefined;
  assertSameExport(input, source);
  await checkDisconnected(participants, input);
  const comparison = compare(source, target);
  if (comparison.isEqual) return { source, target, comparison, targetLedgerEnd };
  log.warn('what changed since the copy leaves a difference, both nodes are exported');
  return undefined;
}

/** The copy that digests were carried along from, if they are of all that is compared. */
function copyOf({ copied, ...input }: CompareInput): ExportInput | undefined {
  if (!copied) return undefined;
  const { activations } = copied;
  // Parties that became active one group after the other have changes of their own times.
  const isWhole = activations?.length === 1 && activations[0]?.parties.length === input.parties.length;
  return isWhole || !isSince({ copied, ...input }) ? { ...input, ...copied } : undefined;
}

/** Whether a live copy is compared together with what changed since. */
function isSince({ copied, offset }: CompareInput): boolean {
  return copied?.activations !== undefined && copied.offset !== offset;
}

/** A live copy leaves out what the target has already, which is compared once both serve. */
async function withShared(
  participants: Participants,
  input: CompareInput,
  side: Side,
  { digest, offset }: { digest: AcsDigest; offset: string },
): Promise<AcsDigest> {
  const { excludedStakeholders: sharedWith = [] } = input.copied ?? {};
  if (!isSince(input) || sharedWith.length === 0) return digest;
  const signal = workSignal();
  const shared = exportSharedWith(participants, input, side, { sharedWith, offset, signal });
  return digestExport(shared, {
    parties: input.parties,
    targetSynchronizerId: input.synchronizers.target,
    signal,
    from: digest,
  });
}

/** From what is exported here later comparisons are carried on; not on the live route, of a copy and what came since. */
function carryingFrom(participants: Participants, spool: Spool, input: CompareInput) {
  const copy = isSince(input) ? undefined : copyOf(input);
  return copy && new CarriedDigests(participants, spool, copy);
}

function changesRead(): (changed: number) => void {
  let changed = 0;
  progress(() => ({ changed }));
  return (count) => (changed = count);
}

/** Unless it is compared while it serves. */
async function checkDisconnected(participants: Participants, input: CompareInput): Promise<void> {
  if (input.targetOffset !== undefined) return;
  await readIsolatedTarget(participants.read(input.target), { ...input, parties: input.parties });
}

async function targetOffsetOf(participants: Participants, input: CompareInput): Promise<string> {
  return input.targetOffset ?? participants.read(input.target).ledger.readLedgerEnd();
}

function assertSameExport({ exported, offset }: CompareInput, { total }: AcsDigest): void {
  if (!exported || exported.total.digest === total.digest) return;
  throw mismatch(
    'ExportChanged',
    `the export at offset ${offset} has digest ${total.digest}, expected ${exported.total.digest}`,
  );
}

/** The same as {@link compareSides}, while the target is watched if it is in its onboarding window. */
function compareIsolated(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedContracts> {
  const target = participants.read(input.target);
  return whileIsolated(target, input.window, () => compareSides(participants, spool, input));
}

/** Reads both sides, at the same time if the source's digest is not known from its spool. */
export async function compareSides(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedContracts> {
  await checkDisconnected(participants, input);
  const targetLedgerEnd = await targetOffsetOf(participants, input);
  const signal = workSignal();
  const sourceExport = (parts: number) => exportOf(participants, input, 'source', { signal, parts });
  const targetExport = (parts: number) =>
    exportOf(participants, input, 'target', { signal, offset: targetLedgerEnd, parts });
  const carrying = carryingFrom(participants, spool, input);
  const digest = (
    of: { side: Side; offset: string; exported: ExportSource },
    onProgress?: (read: { contractCount: number }) => void,
  ) => {
    const read = (index?: ContractIndex) =>
      digestExport(of.exported, {
        parties: input.parties,
        targetSynchronizerId: input.synchronizers.target,
        signal,
        maxContracts: maxContractsOf(input),
        onProgress,
        index,
      });
    return carrying ? carrying.beginAt(of.side, of.offset, read) : read();
  };
  const spooled = await findManifest(spool, input);
  const partyCount = input.parties.length;
  const [onSource, onTarget] = await Promise.all([
    spooled ??
      inParts(partyCount, async (parts) =>
        digest({ side: 'source', offset: input.offset, exported: await sourceExport(parts) }),
      ),
    inParts(partyCount, async (parts) =>
      digest(
        { side: 'target', offset: targetLedgerEnd, exported: await targetExport(parts) },
        reading(input),
      ),
    ),
  ]);
  const [source, target] = [onSource.made, onTarget.made];
  assertSameExport(input, source);
  await checkDisconnected(participants, input);
  const comparison = compare(source, target);
  return {
    source,
    target,
    sourceExport: () => sourceExport(onSource.parts),
    targetExport: () => targetExport(onTarget.parts),
    signal,
    comparison,
    targetLedgerEnd,
  };
}

/** Reports how far the comparison is, how fast, and how long it still takes. */
function reading({ expectedContracts }: CompareInput): (read: { contractCount: number }) => void {
  const startedAt = Date.now();
  let compared = 0;
  progress(() => {
    const perSecond = Math.round((compared * 1000) / Math.max(1, Date.now() - startedAt));
    const left = Math.max(0, expectedContracts - compared);
    return {
      compared,
      of: Math.max(expectedContracts, compared),
      perSecond,
      ...(perSecond > 0 && { etaSeconds: Math.ceil(left / perSecond) }),
    };
  });
  return ({ contractCount }) => (compared = contractCount);
}

/** Those that are not equal first; both in the order of their ids. */
async function comparedParties(
  lists: ListStore,
  source: AcsDigest,
  target: AcsDigest,
): Promise<Pick<Verification, 'parties' | 'unequalParties' | 'unequalPartyCount'>> {
  const atTarget = new Map(target.parties.map((its) => [its.party, its]));
  const none = { contractCount: 0, digest: '0'.repeat(64) };
  const compared = source.parties.map(({ party, ...atSource }): PartyComparison => {
    const { contractCount, digest } = atTarget.get(party) ?? none;
    const isEqual = atSource.contractCount === contractCount && atSource.digest === digest;
    return { party, source: atSource, target: { contractCount, digest }, isEqual };
  });
  const unequal = compared.filter((its) => !its.isEqual);
  return {
    parties: await lists.keep([...unequal, ...compared.filter((its) => its.isEqual)]),
    unequalParties: unequal.slice(0, NAMED_PARTIES),
    unequalPartyCount: unequal.length,
  };
}
