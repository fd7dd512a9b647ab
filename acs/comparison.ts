import type {
  AcsComparison,
  AcsDifferences,
  AcsDigest,
  ContractDifference,
  ContractSetDigest,
  DifferenceKind,
  PartyDigest,
} from '../model/acs.js';
import { ContractDigester } from './contract-digest.js';
import { bucketOf, toHex } from './party-digest.js';
import { ContractRecord } from './record.js';
import { scanExport } from './scan.js';

/** Contracts of the source kept in memory while differences are named: about 50 MB. */
const MAX_KEPT_CONTRACTS = 100_000;
const NAMED_PER_KIND = 100;

/** Says whether two exports hold the same contracts and, if not, in which buckets and for which parties. */
export function compare(source: AcsDigest, target: AcsDigest): AcsComparison {
  const buckets = source.buckets.flatMap((sum, bucket) =>
    isSame(sum, target.buckets[bucket]) ? [] : [bucket],
  );
  const parties = differingParties(source.parties, target.parties);
  const isEqual = isSame(source.total, target.total) && buckets.length === 0 && parties.length === 0;
  return { isEqual, buckets, parties };
}

/** The two sides to name differences between, as they were compared. */
export interface ComparedSides {
  source: AcsDigest;
  target: AcsDigest;
  /** The shards of the source's spool, or one export. */
  sourceExports: AsyncIterable<AsyncIterable<Uint8Array>>;
  targetExport: AsyncIterable<Uint8Array>;
  signal?: AbortSignal | undefined;
}

/**
 * Returns which contracts differ, by a second pass over both sides that keeps only the differing buckets.
 *
 * Memory is bounded: buckets are examined in ascending order while the source has at most 100,000 contracts
 * in them, always at least one; how many were left out is part of the answer.
 */
export async function nameDifferences(sides: ComparedSides): Promise<AcsDifferences> {
  const { buckets } = compare(sides.source, sides.target);
  const examined = withinMemory(buckets, sides.source);
  const differences = new Differences();

  for await (const shard of sides.sourceExports) {
    await visit(shard, examined, sides.signal, (contract) => differences.atSource(contract));
  }
  await visit(sides.targetExport, examined, sides.signal, (contract) => differences.atTarget(contract));
  return { ...differences.result(), unexaminedBuckets: buckets.length - examined.size };
}

interface Contract {
  contractId: string;
  parties: string[];
  digest: string;
}

/** Matches the target's contracts with those kept from the source. */
class Differences {
  private readonly unmatched = new Map<string, Contract>();
  private readonly totals: Record<DifferenceKind, number> = { missing: 0, extra: 0, different: 0 };
  private readonly named: ContractDifference[] = [];

  atSource(contract: Contract): void {
    this.unmatched.set(contract.contractId, contract);
  }

  atTarget(contract: Contract): void {
    const before = this.unmatched.get(contract.contractId);
    this.unmatched.delete(contract.contractId);
    if (!before) this.note('extra', contract);
    else if (before.digest !== contract.digest) {
      const parties = [...new Set([...before.parties, ...contract.parties])].sort();
      this.note('different', { ...contract, parties });
    }
  }

  result(): Pick<AcsDifferences, 'totals' | 'named'> {
    for (const contract of this.unmatched.values()) this.note('missing', contract);
    return { totals: this.totals, named: this.named };
  }

  private note(kind: DifferenceKind, { contractId, parties }: Contract): void {
    this.totals[kind]++;
    if (this.totals[kind] <= NAMED_PER_KIND) this.named.push({ contractId, parties, kind });
  }
}

async function visit(
  source: AsyncIterable<Uint8Array>,
  buckets: ReadonlySet<number>,
  signal: AbortSignal | undefined,
  take: (contract: Contract) => void,
): Promise<void> {
  const record = new ContractRecord();
  const digester = new ContractDigester();
  for await (const frames of scanExport(source, { signal })) {
    while (frames.next()) {
      record.decode(frames);
      if (!record.hasEvent || !buckets.has(bucketOf(record))) continue;
      digester.digest(record);
      const parties = [...new Set([...record.signatories, ...record.observers])].sort();
      take({ contractId: record.contractId, parties, digest: toHex(digester.lanes) });
    }
  }
}

function withinMemory(buckets: number[], { buckets: sums }: AcsDigest): Set<number> {
  const examined = new Set<number>();
  let contractCount = 0;
  for (const bucket of buckets) {
    contractCount += sums[bucket]?.contractCount ?? 0;
    if (examined.size > 0 && contractCount > MAX_KEPT_CONTRACTS) break;
    examined.add(bucket);
  }
  return examined;
}

function differingParties(source: PartyDigest[], target: PartyDigest[]): string[] {
  const sourceSums = new Map(source.map((sum) => [sum.party, sum]));
  const targetSums = new Map(target.map((sum) => [sum.party, sum]));
  const parties = [...new Set([...sourceSums.keys(), ...targetSums.keys()])].sort();
  return parties.filter((party) => !isSame(sourceSums.get(party), targetSums.get(party)));
}

function isSame(one: ContractSetDigest | undefined, other: ContractSetDigest | undefined): boolean {
  return one?.contractCount === other?.contractCount && one?.digest === other?.digest;
}
