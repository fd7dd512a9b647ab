import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import { BUILT_IN_DARS, type LateReading, type PackageInUse } from '../../model/late-packages.js';
import type { NodeRef, VettedPackage } from '../../model/participant.js';
import { scanContracts } from '../contracts/active-contracts.js';
import { isSame } from '../local-state/local-settings.js';
import type { Participants } from '../nodes/participants.js';
import type { OnboardingInput } from '../hosting/onboarding.js';
import { idsOf, namesOf } from './package-names.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Contracts that are named for each package. */
const NAMED = 3;

/** Both nodes, and where the source served and the target serves. */
export interface BothNodes {
  source: NodeRef;
  target: NodeRef;
  /** Logical ids. */
  sourceSynchronizerId: string;
  synchronizerId: string;
}

export interface LatePackagesInput extends BothNodes {
  /** What the plan vets on the target. */
  planned: VettedPackage[];
  /** Package ids: what the target had vetted before. */
  former: string[];
  /** What the migration has vetted on the target by now. */
  copied: string[];
  /** Package ids: what the request leaves behind. */
  left: string[];
}

export function latePackagesActivities(participants: Participants) {
  return {
    /**
     * Returns in what the source's packages differ from those of the plan: DARs that the target lacks, and what was
     * vetted on the source, or unvetted, since. Reads the stores of both nodes, so both may be disconnected.
     *
     * The ledger end of the source is read first: whatever the contracts up to it need is among what is read then.
     */
    async readLatePackages(input: LatePackagesInput): Promise<LateReading> {
      return findLatePackages(participants, input);
    },

    /**
     * Fails with `PackagesChanged` if the source has vetted packages since the plan: from the activation on, no command
     * that needs one would be accepted by either node.
     */
    async readKnownVetting(input: OnboardingInput & { packageIds: string[] }): Promise<void> {
      const { topology } = participants.read(input.source);
      const store = { synchronizerId: input.synchronizerId };
      const known = new Set(input.packageIds);
      const [onSource, onTarget] = await Promise.all([
        topology.findVettedPackages(store, input.source.uid),
        topology.findVettedPackages(store, input.target.uid),
      ]);
      for (const { packageId } of onTarget?.packages ?? []) known.add(packageId);
      const others = (onSource?.packages ?? []).map(({ packageId }) => packageId);
      const missing = others.filter((packageId) => !known.has(packageId));
      if (missing.length === 0) return;
      const names = namesOf(missing, await participants.read(input.source).packages.listPackages());
      throw mismatch(
        'PackagesChanged',
        `${input.source.name} has vetted packages that ${input.target.name} has not, and cannot vet while it is disconnected: ${listed(names)}`,
      );
    },

    /**
     * Returns which of these packages have active contracts on the target, of whatever party, and what has to stay for
     * their sake: every DAR that holds one of them, with all that it depends on. A contract whose package is unvetted
     * cannot even be archived. So does every DAR that others vetted: its main package is vetted, and not in `vetted`,
     * which the migration did.
     */
    async readPackagesInUse(input: {
      target: NodeRef;
      synchronizerId: string;
      packageIds: string[];
      vetted: string[];
    }): Promise<{
      inUse: PackageInUse[];
      /** Package ids. */
      keep: string[];
      /** DARs that others vetted, of those that `packageIds` has something of: name and version. */
      neededBy: string[];
    }> {
      const target = participants.read(input.target);
      const ours = new Set(input.packageIds);
      if (ours.size === 0) return { inUse: [], keep: [], neededBy: [] };
      const contracts = await contractsOf(target, ours);
      const store = { synchronizerId: input.synchronizerId };
      const vetted = await target.topology.findVettedPackages(store, input.target.uid);
      const ofOthers = idsOf(vetted?.packages ?? []);
      for (const id of input.vetted) ofOthers.delete(id);
      const { keep, neededBy } = await findNeeded(target, {
        ours,
        ofOthers,
        inUse: new Set(contracts.keys()),
      });
      const stored = await target.packages.listPackages();
      const inUse = [...contracts].map(([packageId, its]) => ({
        what: namesOf([packageId], stored).join(),
        ...its,
      }));
      return { inUse, keep: [...keep].sort(), neededBy };
    },
  };
}

/** Which packages have to stay, with all of the DARs that have one of them, and the DARs that others vetted of those. */
async function findNeeded(
  { packages }: ParticipantReads,
  { ours, ofOthers, inUse }: Record<'ours' | 'ofOthers' | 'inUse', ReadonlySet<string>>,
): Promise<{ keep: Set<string>; neededBy: string[] }> {
  const keep = new Set(inUse);
  const neededBy: string[] = [];
  for (const { mainPackageId, name, version } of await packages.listDars()) {
    const isOfOthers = ofOthers.has(mainPackageId);
    if (name.startsWith(BUILT_IN_DARS) || !(isOfOthers || inUse.size > 0)) continue;
    const contents = idsOf(await packages.listContents(mainPackageId));
    const isNeeded = isOfOthers && [...contents].some((id) => ours.has(id));
    if (isNeeded) neededBy.push(`${name} ${version}`);
    if (isNeeded || [...inUse].some((id) => contents.has(id))) for (const id of contents) keep.add(id);
  }
  return { keep, neededBy };
}

/** In what the source's packages differ from those of the plan. */
export async function findLatePackages(
  participants: Participants,
  input: LatePackagesInput,
): Promise<LateReading> {
  const [source, target] = [participants.read(input.source), participants.read(input.target)];
  const ledgerEnd = await source.ledger.readLedgerEnd();
  const [sourceDars, targetDars, onSource, onTarget] = await Promise.all([
    source.packages.listDars(),
    target.packages.listDars(),
    source.topology.findVettedPackages({ synchronizerId: input.sourceSynchronizerId }, input.source.uid),
    target.topology.findVettedPackages({ synchronizerId: input.synchronizerId }, input.target.uid),
  ]);
  const there = new Set(targetDars.map(({ mainPackageId }) => mainPackageId));
  return {
    ledgerEnd,
    dars: sourceDars.filter(
      ({ name, mainPackageId: id }) =>
        !name.startsWith(BUILT_IN_DARS) && !there.has(id) && !input.left.includes(id),
    ),
    ...changesOf(input, onSource?.packages ?? [], onTarget?.packages ?? []),
  };
}

/** What became of the source's vetting since the plan. */
function changesOf(
  { planned: add, former: kept, copied: vetted, left }: LatePackagesInput,
  onSource: VettedPackage[],
  onTarget: VettedPackage[],
): Pick<LateReading, 'vetting' | 'unvetted' | 'missing'> {
  const byId = (all: VettedPackage[]) => new Map(all.map((its) => [its.packageId, its]));
  const [planned, target] = [byId(add), byId(onTarget)];
  const [isOnSource, copied] = [idsOf(onSource), new Set(vetted)];
  const former = new Set([...kept, ...left]);
  const vetting = onSource.filter(
    (its) => !former.has(its.packageId) && !isSame(its, planned.get(its.packageId)),
  );
  const wanted = new Set([...copied, ...idsOf(vetting)]);
  const isMissing = (its: VettedPackage) => {
    const there = target.get(its.packageId);
    return !there || (copied.has(its.packageId) && !isSame(its, there));
  };
  return {
    vetting,
    unvetted: [...new Set([...planned.keys(), ...copied])].filter((id) => !isOnSource.has(id)),
    missing: onSource
      .filter((its) => wanted.has(its.packageId) && isMissing(its))
      .map(({ packageId }) => packageId),
  };
}

/** How many contracts each of the packages has, and the first of them. */
async function contractsOf(target: ParticipantReads, packageIds: ReadonlySet<string>) {
  const found = new Map<string, { contractCount: number; contractIds: string[] }>();
  if (packageIds.size === 0) return found;
  const offset = await target.ledger.readLedgerEnd();
  const parties = await target.ledger.listLocalParties();
  const waitingFor = 'contracts that use the packages';
  for await (const { contractId, packageId } of scanContracts(target, { parties, offset, waitingFor })) {
    if (!packageIds.has(packageId)) continue;
    const its = found.get(packageId) ?? { contractCount: 0, contractIds: [] };
    its.contractCount += 1;
    if (its.contractIds.length < NAMED) its.contractIds.push(contractId);
    found.set(packageId, its);
  }
  return found;
}
