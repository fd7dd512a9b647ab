import type { AcsDigest, ContractPackage, ContractSetDigest } from '../model/acs.js';
import { ContractDigester, LANES } from './contract-digest.js';
import { hashContractId, type ContractIdBytes } from './contract-id-set.js';
import { tooLarge } from './errors.js';
import type { IndexedContract } from './contract-index.js';
import type { ContractRecord } from './record.js';

/** Of the contracts of one export; a participant has some hundred. */
const MAX_PACKAGES = 10_000;

/** Into how many buckets contracts are sorted by contract id. */
const BUCKETS = 1024;

/**
 * Sums of contract digests, lane by lane modulo 2^32, one sum per slot.
 *
 * A sum does not depend on order. Unlike with XOR, a contract that comes twice does not cancel out: a
 * missing, repeated or altered contract changes the sum as surely as SHA-256 has no collisions.
 */
class DigestSums {
  private readonly lanes: Uint32Array;
  private readonly counts: Float64Array;

  constructor(slots: number) {
    this.lanes = new Uint32Array(slots * LANES);
    this.counts = new Float64Array(slots);
  }

  add(slot: number, digest: Uint32Array): void {
    const base = slot * LANES;
    for (let lane = 0; lane < LANES; lane++) {
      this.lanes[base + lane] = (this.lanes[base + lane] ?? 0) + (digest[lane] ?? 0);
    }
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  subtract(slot: number, digest: Uint32Array): void {
    const base = slot * LANES;
    for (let lane = 0; lane < LANES; lane++) {
      this.lanes[base + lane] = (this.lanes[base + lane] ?? 0) - (digest[lane] ?? 0);
    }
    this.counts[slot] = (this.counts[slot] ?? 0) - 1;
  }

  /** Goes on from what was read. */
  write(slot: number, { contractCount, digest }: ContractSetDigest): void {
    for (let lane = 0; lane < LANES; lane++) this.lanes[slot * LANES + lane] = laneOf(digest, lane);
    this.counts[slot] = contractCount;
  }

  clear(): void {
    this.lanes.fill(0);
    this.counts.fill(0);
  }

  read(slot: number): ContractSetDigest {
    const lanes = this.lanes.subarray(slot * LANES, (slot + 1) * LANES);
    return { contractCount: this.counts[slot] ?? 0, digest: toHex(lanes) };
  }
}

/**
 * Builds the digest of an export: the sum over all contracts, over those of each given party, and over
 * those of each bucket. A contract counts for a party that is a signatory or observer of it, once.
 */
export class AcsDigester {
  private readonly parties: string[];
  private readonly slotOf: Map<string, number>;
  private readonly partySums: DigestSums;
  /** Per party the number of the contract last added, so that being named twice adds once. */
  private readonly lastAdded: Float64Array;
  private readonly bucketSums = new DigestSums(BUCKETS);
  private readonly total = new DigestSums(1);
  private readonly packages = new Map<string, ContractPackage>();
  private readonly digester = new ContractDigester();
  private contractNumber = 0;
  private readonly lastSlots: number[] = [];
  private lastPackageId = '';

  /** @param from a digest for the same parties that it goes on from */
  constructor(parties: readonly string[], from?: AcsDigest) {
    this.parties = [...new Set(parties)].sort();
    this.slotOf = new Map(this.parties.map((party, slot) => [party, slot]));
    this.partySums = new DigestSums(this.parties.length);
    this.lastAdded = new Float64Array(this.parties.length);
    if (from) this.goOnFrom(from);
  }

  /** Of the contract added last; overwritten by the next. */
  get lastDigest(): Uint32Array {
    return this.digester.lanes;
  }

  /** What the contract added last has to be indexed with, so that it can be taken off; overwritten by the next. */
  get last(): IndexedContract {
    return { digest: this.digester.lanes, packageId: this.lastPackageId, slots: this.lastSlots };
  }

  add(record: ContractRecord): void {
    this.contractNumber++;
    this.lastSlots.length = 0;
    this.digester.digest(record);
    this.total.add(0, this.digester.lanes);
    this.bucketSums.add(bucketOf(record), this.digester.lanes);
    this.addForPackage(record);
    for (const party of record.signatories) this.addFor(party);
    for (const party of record.observers) this.addFor(party);
  }

  /** Takes off a contract that was added. */
  remove(contractId: string, { digest, packageId, slots }: IndexedContract): void {
    const bytes = Buffer.from(contractId, 'latin1');
    const id = { bytes, contractIdSpan: { start: 0, end: bytes.length } };
    this.total.subtract(0, digest);
    this.bucketSums.subtract(bucketOf(id), digest);
    for (const slot of slots) this.partySums.subtract(slot, digest);
    const its = this.packages.get(packageId);
    if (its && --its.contractCount === 0) this.packages.delete(packageId);
  }

  result(): AcsDigest {
    return {
      total: this.total.read(0),
      packages: [...this.packages.values()].sort((a, b) => (a.packageId < b.packageId ? -1 : 1)),
      parties: this.parties.map((party, slot) => ({ party, ...this.partySums.read(slot) })),
      buckets: Array.from({ length: BUCKETS }, (_, slot) => this.bucketSums.read(slot)),
    };
  }

  private addForPackage(record: ContractRecord): void {
    const packageId = record.representativePackageId || record.templatePackageId;
    this.lastPackageId = packageId;
    const known = this.packages.get(packageId);
    if (known) known.contractCount++;
    else if (this.packages.size === MAX_PACKAGES) throw tooLarge(`more than ${MAX_PACKAGES} packages`);
    else this.packages.set(packageId, { packageId, name: record.packageNameText, contractCount: 1 });
  }

  private addFor(party: string): void {
    const slot = this.slotOf.get(party);
    if (slot === undefined || this.lastAdded[slot] === this.contractNumber) return;
    this.lastAdded[slot] = this.contractNumber;
    this.partySums.add(slot, this.digester.lanes);
    this.lastSlots.push(slot);
  }

  private goOnFrom({ total, packages, parties, buckets }: AcsDigest): void {
    this.total.write(0, total);
    for (const its of packages) this.packages.set(its.packageId, { ...its });
    for (const { party, ...sum } of parties) this.partySums.write(this.slotOf.get(party)!, sum);
    buckets.forEach((sum, slot) => this.bucketSums.write(slot, sum));
  }
}

/** The digest of a set of contracts while it is summed up: the sum over their digests, and how many they are. */
export class ContractSetSum {
  private readonly sums = new DigestSums(1);

  add(digest: Uint32Array): void {
    this.sums.add(0, digest);
  }

  /** 64 hex characters. */
  get digest(): string {
    return this.sums.read(0).digest;
  }

  clear(): void {
    this.sums.clear();
  }
}

/** The digest of two sets of contracts together, from that of each: 64 hex characters. */
export function addDigests(one: string, other: string): string {
  const lanes = Uint32Array.from(
    { length: LANES },
    (_, lane) => laneOf(one, lane) + laneOf(other, lane),
  );
  return toHex(lanes);
}

function laneOf(digest: string, lane: number): number {
  return Number.parseInt(digest.slice(lane * 8, lane * 8 + 8), 16);
}

/** The bucket of a contract, by the hash of its contract id, so that it is the same on both nodes. */
export function bucketOf(id: ContractIdBytes): number {
  return hashContractId(id) & (BUCKETS - 1);
}

/** Eight lanes as 64 hex characters. */
export function toHex(lanes: Uint32Array): string {
  return Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0')).join('');
}
