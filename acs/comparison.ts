import type {
  AcsComparison,
  AcsDifferences,
  AcsDigest,
  ContractDifference,
  ContractSetDigest,
  DifferenceKind,
} from '../model/acs.js';
import { ContractDigester } from './contract-digest.js';
import type { FrameReader } from './framing.js';
import { bucketOf, toHex } from './party-digest.js';
import { scanExport, type ExportSource } from './scan.js';

/** Contracts of the target kept in memory during one pass over both sides: about 50 MB. */
const MAX_KEPT_CONTRACTS = 100_000;

/** Says whether two exports hold the same contracts and, if not, in which buckets and for which parties. */
export function compare(source: AcsDigest, target: AcsDigest): AcsComparison {
  const buckets = source.buckets.flatMap((sum, bucket) =>
    isSame(sum, target.buckets[bucket]) ? [] : [bucket],
  );
  const parties = differingParties(source, target);
  const isEqual = isSame(source.total, target.total) && buckets.length === 0 && parties.length === 0;
  return { isEqual, buckets, parties };
}

/** The two sides to find differences between, as they were compared; each export may be asked for repeatedly. */
export interface ComparedSides {
  source: AcsDigest;
  target: AcsDigest;
  sourceExport: () => ExportSource | Promise<ExportSource>;
  targetExport: () => ExportSource | Promise<ExportSource>;
  signal?: AbortSignal | undefined;
}

/** A difference, and where it is one of the source's contracts, its record as `frames` shows it. */
export type DifferenceVisitor = (
  difference: ContractDifference,
  frames?: FrameReader,
) => void | Promise<void>;

/**
 * Shows every contract that is not the same on both nodes, by further passes over both sides that look only at the
 * differing buckets.
 *
 * Memory is bounded: a pass takes buckets, in ascending order, while the target has at most 100,000 contracts in
 * them, always at least one.
 */
export async function visitDifferences(sides: ComparedSides, visit: DifferenceVisitor): Promise<void> {
  const { buckets } = compare(sides.source, sides.target);
  for (const examined of passes(buckets, sides.target)) {
    const unmatched = new Map<string, Contract>();
    const at = (side: AcsDigest) => ({ buckets: examined, digest: side, signal: sides.signal });
    await scan(await sides.targetExport(), at(sides.target), (contract) => {
      if (unmatched.has(contract.contractId)) return visit({ ...namesOf(contract), kind: 'extra' });
      unmatched.set(contract.contractId, contract);
    });
    await scan(await sides.sourceExport(), at(sides.source), (contract, frames) => {
      const found = unmatched.get(contract.contractId);
      unmatched.delete(contract.contractId);
      if (!found) return visit({ ...namesOf(contract), kind: 'missing' }, frames);
      if (found.digest === contract.digest) return;
      const parties = [...new Set([...found.parties, ...contract.parties])].sort();
      return visit({ contractId: contract.contractId, parties, kind: 'different' }, frames);
    });
    for (const contract of unmatched.values()) await visit({ ...namesOf(contract), kind: 'extra' });
  }
}

/** Returns how many contracts differ in which way, and names the first `limit` of each kind. */
export async function nameDifferences(sides: ComparedSides, limit: number): Promise<AcsDifferences> {
  const totals: Record<DifferenceKind, number> = { missing: 0, extra: 0, different: 0 };
  const named: ContractDifference[] = [];
  await visitDifferences(sides, (difference) => {
    totals[difference.kind]++;
    if (totals[difference.kind] <= limit) named.push(difference);
  });
  return { totals, named };
}

interface Contract {
  contractId: string;
  parties: string[];
  digest: string;
}

function namesOf({ contractId, parties }: Contract): { contractId: string; parties: string[] } {
  return { contractId, parties };
}

/** Which contracts of a side, whose export has to be as large as when it was digested. */
interface Examined {
  buckets: ReadonlySet<number>;
  digest: AcsDigest;
  signal: AbortSignal | undefined;
}

async function scan(
  source: ExportSource,
  { buckets, digest, signal }: Examined,
  take: (contract: Contract, frames: FrameReader) => void | Promise<void>,
): Promise<void> {
  const digester = new ContractDigester();
  for await (const reader of scanExport(source, {
    signal,
    maxContracts: digest.total.contractCount,
  })) {
    const { record, frames } = reader;
    while (reader.next()) {
      if (!record.hasEvent || !buckets.has(bucketOf(record))) continue;
      digester.digest(record);
      const parties = [...new Set([...record.signatories, ...record.observers])].sort();
      await take({ contractId: record.contractId, parties, digest: toHex(digester.lanes) }, frames);
    }
  }
}

function* passes(buckets: number[], { buckets: sums }: AcsDigest): Generator<ReadonlySet<number>> {
  let examined = new Set<number>();
  let contractCount = 0;
  for (const bucket of buckets) {
    const added = sums[bucket]?.contractCount ?? 0;
    if (examined.size > 0 && contractCount + added > MAX_KEPT_CONTRACTS) {
      yield examined;
      examined = new Set();
      contractCount = 0;
    }
    examined.add(bucket);
    contractCount += added;
  }
  if (examined.size > 0) yield examined;
}

function differingParties(source: AcsDigest, target: AcsDigest): string[] {
  const sourceSums = new Map(source.parties.map((sum) => [sum.party, sum]));
  const targetSums = new Map(target.parties.map((sum) => [sum.party, sum]));
  const parties = [...new Set([...sourceSums.keys(), ...targetSums.keys()])].sort();
  return parties.filter((party) => !isSame(sourceSums.get(party), targetSums.get(party)));
}

function isSame(one: ContractSetDigest | undefined, other: ContractSetDigest | undefined): boolean {
  return one?.contractCount === other?.contractCount && one?.digest === other?.digest;
}
