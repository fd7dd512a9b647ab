import { join } from 'node:path';
import type { Journal } from '../node.js';
import type { Contract } from './contract.js';
import { ContractFile, keysOf, type Placement, type StoredContract } from './contract-file.js';
import { ContractIndex } from './contract-index.js';
import { Deduplication } from './deduplication.js';
import { place, type LedgerEntry, type NewEntry, type Progress, type Unassignment } from './entry.js';

/** Entries with the state of the ledger after them. */
export interface Commit {
  readonly entries: readonly LedgerEntry[];
  readonly end: number;
  readonly slots: number;
  readonly fileSize: number;
  readonly progress?: Progress;
}

/** The history up to this offset is gone. */
export interface Pruned {
  readonly pruned: number;
}

/** What a commit is besides its entries. */
export interface CommitOptions {
  /** Used up after the entries: a commit of a repair is an offset of its own. */
  readonly extraOffsets?: number;
  /** Becomes durable together with the entries. */
  readonly progress?: Progress;
}

/** A contract that left a synchronizer at an offset. */
type Incomplete = Unassignment & { readonly offset: number; assignedAt?: number };

const KIND = 'ledger';

/**
 * The events of one participant by offset, and the contracts they created.
 *
 * Nothing is visible before `commit`; what was appended and not committed is gone after a crash or `discard`.
 */
export class Ledger {
  readonly index = new ContractIndex();
  readonly deduplication = new Deduplication();
  private readonly progressById = new Map<string, Progress>();
  private readonly file: ContractFile;
  private readonly entries: LedgerEntry[] = [];
  /** By party. */
  private readonly authorizing = new Map<string, LedgerEntry[]>();
  private readonly unassigned = new Map<string, Incomplete>();
  private endOffset = 0;
  private prunedOffset = 0;
  private committedSlots = 0;
  private committedSize = 0;
  private isClosed = false;

  /** @param now the present, in microseconds since 1970; every reading later than the one before. */
  constructor(
    private readonly journal: Journal,
    readonly now: () => number,
  ) {
    this.file = new ContractFile(join(journal.folder, 'contracts.bin'));
    for (const record of journal.replay(KIND)) this.replay(record);
    this.file.truncate(this.committedSize);
  }

  /** Offset of the last event, 0 for an empty ledger. */
  get end(): number {
    return this.endOffset;
  }

  /** Everything up to and including this offset has been pruned; 0 for never. */
  get pruned(): number {
    return this.prunedOffset;
  }

  /** Appends a contract that becomes visible with the commit of an entry that creates it. */
  append(contract: Contract, placement: Placement): number {
    this.mustBeOpen();
    const { template, signatories, observers, contractId } = contract;
    const position = this.file.append(contract, placement);
    return this.index.add(
      position,
      { contractId, template, signatories, observers },
      placement.synchronizerId,
    );
  }

  /** Forgets what was appended since the last commit. */
  discard(): void {
    if (this.isClosed) return;
    this.index.truncate(this.committedSlots);
    this.file.truncate(this.committedSize);
  }

  /**
   * Makes entries visible, all or none, and returns them with their offsets.
   *
   * The contracts appended since the last commit belong to the entries in order, as many as each one's
   * `created` says.
   */
  commit(entries: readonly NewEntry[], options: CommitOptions = {}): LedgerEntry[] {
    this.mustBeOpen();
    this.file.flush();
    let firstSlot = this.committedSlots;
    const placed = entries.map((entry, i) => {
      const offset = this.endOffset + i + 1;
      const result = place(entry, offset, firstSlot, this.now());
      firstSlot += result.created;
      return result;
    });
    if (firstSlot !== this.index.length)
      throw new Error('contracts were appended that no entry creates');

    const { extraOffsets = 0, progress } = options;
    const end = this.endOffset + entries.length + extraOffsets;
    const state = { end, slots: this.index.length, fileSize: this.file.size };
    const commit: Commit = { entries: placed, ...state, ...(progress && { progress }) };
    this.journal.append(KIND, commit);
    this.apply(commit);
    return placed;
  }

  /** How far a synchronizer (physical id) was processed with the last commit that says so. */
  progress(logicalId: string): Progress | undefined {
    return this.progressById.get(logicalId);
  }

  /** Finds the entry of an update, the newest first. */
  findUpdate(updateId: string): LedgerEntry | undefined {
    return this.entries.findLast((entry) => entry.updateId === updateId);
  }

  /** Highest offset of an event with a record time up to this one, UTC, microseconds; 0 if there is none. */
  offsetAt(recordTimeMicros: number): number {
    return this.entries.findLast((entry) => entry.recordTimeMicros <= recordTimeMicros)?.offset ?? 0;
  }

  /** Forgets history up to `offset`. */
  prune(offset: number): void {
    this.journal.append(KIND, { pruned: offset });
    this.prunedOffset = offset;
  }

  /** Reads one contract. */
  read(slot: number): StoredContract {
    return this.file.read(this.index.row(slot).position).stored;
  }

  /** Whether the contract was active at `offset`. Only committed contracts are. */
  isActive(slot: number, offset = this.endOffset): boolean {
    return this.index.isActive(slot, offset);
  }

  /** Finds the latest create event of a contract. */
  find(contractId: string): number | undefined {
    return this.index.find(contractId);
  }

  /** Slots active at `offset` that start at `from`, ascending, so by event sequence. */
  *active(offset: number, from = 0): Generator<number> {
    const until = this.committedSlots;
    for (let slot = from; slot < until; slot++) if (this.index.isActive(slot, offset)) yield slot;
  }

  /** Returns the id of a contract. */
  contractId(slot: number): string {
    return keysOf(this.scan(slot)).contractId;
  }

  /** Returns a synchronizer (logical id) on which a party is a stakeholder of an active contract. */
  withActiveContracts(party: string): string | undefined {
    for (const slot of this.active(this.endOffset)) {
      if (this.index.stakeholders(slot).all.includes(party)) return this.index.row(slot).synchronizerId;
    }
    return undefined;
  }

  /** Finds an active contract of a package, if there is one. */
  activeOfPackage(packageId: string): { contractId: string; synchronizerId: string } | undefined {
    for (const slot of this.active(this.endOffset)) {
      const { packageId: own, synchronizerId } = this.index.row(slot);
      if (own === packageId) return { contractId: keysOf(this.read(slot)).contractId, synchronizerId };
    }
    return undefined;
  }

  /** Reads a contract during an ascending walk. */
  scan(slot: number): StoredContract {
    return this.file.read(this.index.row(slot).position, true).stored;
  }

  /** Reassignments that were incomplete at `offset`. */
  incomplete(offset: number): Incomplete[] {
    return [...this.unassigned.values()].filter(
      (one) => one.offset <= offset && !(one.assignedAt !== undefined && one.assignedAt <= offset),
    );
  }

  /** Entries in `(begin, end]`, ascending. */
  *between(begin: number, end: number): Generator<LedgerEntry> {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.offset ?? 0) <= begin) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (!entry || entry.offset > end) return;
      yield entry;
    }
  }

  /** Entries with hosting changes of a party, ascending. */
  authorizationsOf(party: string): readonly LedgerEntry[] {
    return this.authorizing.get(party) ?? [];
  }

  /** The entry that created a contract. */
  creation(slot: number): LedgerEntry | undefined {
    const offset = this.index.createOffset(slot);
    for (const entry of this.between(offset - 1, offset)) return entry;
    return undefined;
  }

  /** Lets go of the files, as a dying process does; what is still running must not write any more. */
  close(): void {
    if (!this.isClosed) this.file.close();
    this.isClosed = true;
  }

  private mustBeOpen(): void {
    if (this.isClosed) throw new Error('this participant has stopped');
  }

  private follow(entry: LedgerEntry): void {
    const { unassignment, assignment, offset } = entry;
    for (const party of new Set(entry.authorizations?.map((event) => event.party))) {
      const known = this.authorizing.get(party);
      if (known) known.push(entry);
      else this.authorizing.set(party, [entry]);
    }
    if (unassignment) this.unassigned.set(unassignment.reassignmentId, { ...unassignment, offset });
    const arrived = assignment && this.unassigned.get(assignment.reassignmentId);
    if (arrived) arrived.assignedAt = offset;
  }

  private replay(record: Commit | Pruned): void {
    if ('pruned' in record) {
      this.prunedOffset = record.pruned;
      return;
    }
    let position = this.committedSize;
    for (let slot = this.committedSlots; slot < record.slots; slot++) {
      const { stored, next } = this.file.read(position, true);
      this.index.add(position, keysOf(stored), stored.synchronizerId);
      position = next;
    }
    this.apply(record);
  }

  private apply(commit: Commit): void {
    for (const entry of commit.entries) {
      this.entries.push(entry);
      this.deduplication.note(entry);
      for (let i = 0; i < entry.created; i++) {
        // An exercise comes before what it creates: golden35/pv35-happy-kms.jsonl 53.
        this.index.publish(entry.firstSlot + i, entry.offset, entry.ended.length + i);
      }
      for (const { slot, end } of entry.ended) this.index.end(slot, end, entry.offset);
      this.follow(entry);
    }
    if (commit.progress) this.progressById.set(commit.progress.logicalId, commit.progress);
    this.endOffset = commit.end;
    this.committedSlots = commit.slots;
    this.committedSize = commit.fileSize;
  }
}
