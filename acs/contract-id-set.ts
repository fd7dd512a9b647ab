/** A contract id, still in the record it was read from. */
export interface ContractIdBytes {
  bytes: Buffer;
  contractIdSpan: { start: number; end: number };
}

const FIRST_SLOTS = 1 << 15;
const FIRST_BYTES = 1 << 21;

/**
 * Returns a 32-bit hash of a contract id, the same on every node: four characters at a time, as MurmurHash3.
 *
 * It spreads, it does not identify: contract ids are compared in full wherever it matters.
 */
export function hashContractId(
  { bytes, contractIdSpan: { start, end } }: ContractIdBytes,
  seed = 0,
): number {
  let hash = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mix(hash, wordAt(bytes, at));
  for (; at < end; at++) hash = mix(hash, bytes[at] ?? 0);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * The contract ids of one shard, compared in full. Its memory is kept and used again after `clear`: a set of
 * strings would make two objects per contract for the garbage collector.
 */
export class ContractIdSet {
  /** Per slot 0, or 1 + where the entry starts in `entries`: two bytes of length, then the id. */
  private slots = new Uint32Array(FIRST_SLOTS);
  private entries = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private usedBytes = 0;
  private count = 0;

  /** Adds the id; false if it was there. */
  add(id: ContractIdBytes): boolean {
    if (this.count * 2 >= this.slots.length) this.growSlots();
    const slot = this.find(id);
    if (this.slots[slot] !== 0) return false;
    this.slots[slot] = 1 + this.store(id);
    this.count++;
    return true;
  }

  clear(): void {
    this.slots.fill(0);
    this.usedBytes = 0;
    this.count = 0;
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  private find(id: ContractIdBytes): number {
    const mask = this.slots.length - 1;
    let slot = hashContractId(id) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] ?? 0;
      if (entry === 0 || this.isAt(entry - 1, id)) return slot;
    }
  }

  private isAt(entry: number, { bytes, contractIdSpan: { start, end } }: ContractIdBytes): boolean {
    const from = entry + 2;
    const length = this.entries.readUInt16LE(entry);
    return length === end - start && bytes.compare(this.entries, from, from + length, start, end) === 0;
  }

  private store({ bytes, contractIdSpan: { start, end } }: ContractIdBytes): number {
    const entry = this.usedBytes;
    this.reserve(entry + 2 + end - start);
    this.entries.writeUInt16LE(end - start, entry);
    bytes.copy(this.entries, entry + 2, start, end);
    this.usedBytes = entry + 2 + end - start;
    return entry;
  }

  private reserve(bytes: number): void {
    if (bytes <= this.entries.length) return;
    const larger = Buffer.allocUnsafeSlow(bytes * 2);
    this.entries.copy(larger, 0, 0, this.usedBytes);
    this.entries = larger;
  }

  private growSlots(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let entry = 0; entry < this.usedBytes;) {
      const start = entry + 2;
      const end = start + this.entries.readUInt16LE(entry);
      this.slots[this.find({ bytes: this.entries, contractIdSpan: { start, end } })] = 1 + entry;
      entry = end;
    }
  }
}

function wordAt(bytes: Buffer, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
