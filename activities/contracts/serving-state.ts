import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { ContractPackage } from '../../model/acs.js';
import type { EqualityProof } from '../../model/report.js';
import { readIsolated } from '../nodes/connections.js';
import type { Participants } from '../nodes/participants.js';
import type { BothNodes } from '../packages/late-packages.js';
import { idsOf, namesOf } from '../packages/package-names.js';
import { findPurged } from './contract-changes.js';

export interface ServingInput extends BothNodes {
  parties: string[];
  /** Ids of the packages that the target was to vet. */
  vetting: string[];
  /** What the contracts on the target need. */
  packages: ContractPackage[];
  /** Of the comparison before the cut-over; on the live route, where the source serves whoever else it hosts, absent. */
  proof?: EqualityProof;
}

/** Whether the target serves, as `readServingState` says. */
export async function servingState(
  participants: Participants,
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
  const isServing = registered.some((its) => its.logicalId === input.synchronizerId && its.isConnected);
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
}

/** What was compared is what serves now: the source can have changed nothing, and nobody has repaired the target. */
async function assertTakenOver(
  participants: Participants,
  input: ServingInput,
  { sourceOffset, targetLedgerEnd, targetDigest }: EqualityProof,
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
  // Where no event tells of a purge, a contract that is not visible has told of it.
  if (targetDigest !== undefined) return;
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
