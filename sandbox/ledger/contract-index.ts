import type { StoredKeys } from './contract-file.js';

/** What became of a contract on this node. */
export type End = 'archived' | 'purged' | 'unassigned';
const ENDS: readonly (End | undefined)[] = [undefined, 'archived', 'purged', 'unassigned'];

/** One set of stakeholders, shared by all contracts that have exactly these. */
export interface Stakeholders {
  readonly signatories: readonly string[];
  readonly observers: readonly string[];
  /** Both, sorted. */
  readonly all: readonly string[];
}

/** What is known of a contract without reading its file. */
export interface IndexRow {
  readonly position: number;
  readonly stakeholderSet: number;
  readonly packageId: string;
  readonly synchronizerId: string;
}

/**
 * The contracts of one node by slot, a running number in the order of their create events.
 *
 * Columns instead of objects: about 40 bytes per contract and its id, so that a million fit in memory.
 */
export class ContractIndex {
  private positions = new Float64Array(1024);
  private createOffsets = new Uint32Array(1024);
  private endOffsets = new Uint32Array(1024);
  private ends = new Uint8Array(1024);
  private nodeIds = new Uint16Array(1024);
  private stakeholderSets = new Uint32Array(1024);
  private packages = new Uint16Array(1024);
  private synchronizers = new Uint16Array(1024);

  private readonly slots = new Map<string, number>();
  /** Of a slot, the one before of the same contract: purged and imported again, or on another synchronizer. */
  private readonly earlier = new Map<number, number>();
  private readonly sets: Stakeholders[] = [];
  private readonly setNumbers = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly nameNumbers = new Map<string, number>();

  /** Ids of the contracts that no event shows yet. */
  private readonly unpublished = new Map<number, string>();

  /** Slots in use, whether published or not. */
  length = 0;

  /** Adds a contract that no event shows yet. */
  add(position: number, keys: StoredKeys, synchronizerId: string): number {
    const slot = this.length;
    if (slot === this.positions.length) this.grow();
    this.positions[slot] = position;
    this.createOffsets[slot] = 0;
    this.endOffsets[slot] = 0;
    this.ends[slot] = 0;
    this.stakeholderSets[slot] = this.setNumber(keys);
    this.packages[slot] = this.nameNumber(keys.template.packageId);
    this.synchronizers[slot] = this.nameNumber(synchronizerId);
    this.unpublished.set(slot, compact(keys.contractId));
    this.length = slot + 1;
    return slot;
  }

  /** Shows a contract as created at `offset`. */
  publish(slot: number, offset: number, nodeId: number): void {
    const id = this.unpublished.get(slot);
    if (id === undefined) throw new Error(`contract in slot ${slot} is published already`);
    this.unpublished.delete(slot);
    this.createOffsets[slot] = offset;
    this.nodeIds[slot] = nodeId & 0xffff;
    const before = this.slots.get(id);
    if (before !== undefined) this.earlier.set(slot, before);
    this.slots.set(id, slot);
  }

  /** Ends a contract at `offset`. */
  end(slot: number, end: End, offset: number): void {
    this.endOffsets[slot] = offset;
    this.ends[slot] = ENDS.indexOf(end);
  }

  /** Drops every slot from `length` on; none of them may have been published. */
  truncate(length: number): void {
    this.unpublished.clear();
    this.length = length;
  }

  /** Slot of the latest create event of a contract, active or not. */
  find(contractId: string): number | undefined {
    return this.slots.get(compact(contractId));
  }

  /** The same on one synchronizer: a node can have a contract on several, of which it was repaired into all but one. */
  findOn(contractId: string, synchronizerId: string): number | undefined {
    let slot = this.find(contractId);
    while (slot !== undefined && this.row(slot).synchronizerId !== synchronizerId)
      slot = this.earlier.get(slot);
    return slot;
  }

  endOf(slot: number): End | undefined {
    return ENDS[this.ends[slot] ?? 0];
  }

  endOffset(slot: number): number {
    return this.endOffsets[slot] ?? 0;
  }

  createOffset(slot: number): number {
    return this.createOffsets[slot] ?? 0;
  }

  nodeId(slot: number): number {
    return this.nodeIds[slot] ?? 0;
  }

  isActive(slot: number, offset: number): boolean {
    const created = this.createOffset(slot);
    const ended = this.endOffset(slot);
    return created > 0 && created <= offset && (ended === 0 || ended > offset);
  }

  row(slot: number): IndexRow {
    return {
      position: this.positions[slot] ?? 0,
      stakeholderSet: this.stakeholderSets[slot] ?? 0,
      packageId: this.names[this.packages[slot] ?? 0] ?? '',
      synchronizerId: this.names[this.synchronizers[slot] ?? 0] ?? '',
    };
  }

  stakeholders(slot: number): Stakeholders {
    return this.sets[this.stakeholderSets[slot] ?? 0] ?? { signatories: [], observers: [], all: [] };
  }

  private setNumber(keys: StoredKeys): number {
    const key = `${keys.signatories.join('|')}/${keys.observers.join('|')}`;
    let number = this.setNumbers.get(key);
    if (number === undefined) {
      number = this.sets.length;
      const { signatories, observers } = keys;
      this.sets.push({
        signatories,
        observers,
        all: [...new Set([...signatories, ...observers])].sort(),
      });
      this.setNumbers.set(key, number);
    }
    return number;
  }

  private nameNumber(name: string): number {
    let number = this.nameNumbers.get(name);
    if (number === undefined) {
      number = this.names.length;
      this.names.push(name);
      this.nameNumbers.set(name, number);
    }
    return number;
  }

  private grow(): void {
    const size = this.positions.length * 2;
    this.positions = extend(this.positions, new Float64Array(size));
    this.createOffsets = extend(this.createOffsets, new Uint32Array(size));
    this.endOffsets = extend(this.endOffsets, new Uint32Array(size));
    this.ends = extend(this.ends, new Uint8Array(size));
    this.nodeIds = extend(this.nodeIds, new Uint16Array(size));
    this.stakeholderSets = extend(this.stakeholderSets, new Uint32Array(size));
    this.packages = extend(this.packages, new Uint16Array(size));
    this.synchronizers = extend(this.synchronizers, new Uint16Array(size));
  }
}

function extend<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Half the length of the hex form: one character per byte. */
function compact(contractId: string): string {
  return Buffer.from(contractId, 'hex').toString('latin1');
}
