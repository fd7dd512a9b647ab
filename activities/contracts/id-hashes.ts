import { createHash } from 'node:crypto';

import { refused } from '../../model/failure.js';

const FIRST_SLOTS = 1 << 12;

/** Take 512 MiB. */
const MAX_IDS = 1 << 25;

/** A set of texts by 63 bits of their SHA-256: enough to count by, not to decide by. Fails with `TooManyContracts`. */
export class IdHashes {
  size = 0;
  private slots = new BigUint64Array(FIRST_SLOTS);

  add(id: string): void {
    if (this.size * 2 >= this.slots.length) this.grow();
    const hash = hashOf(id);
    const slot = this.find(hash);
    if (this.slots[slot] === hash) return;
    if (this.size === MAX_IDS)
      throw refused('TooManyContracts', `more than ${MAX_IDS} contracts to tell apart`);
    this.slots[slot] = hash;
    this.size += 1;
  }

  has(id: string): boolean {
    if (this.size === 0) return false;
    const hash = hashOf(id);
    return this.slots[this.find(hash)] === hash;
  }

  /** The slot that holds the hash, or the empty one where it belongs. */
  private find(hash: bigint): number {
    const mask = this.slots.length - 1;
    let slot = Number(hash & 0xffff_ffffn) & mask;
    while (this.slots[slot] !== 0n && this.slots[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new BigUint64Array(before.length * 2);
    for (const hash of before) if (hash !== 0n) this.slots[this.find(hash)] = hash;
  }
}

function hashOf(id: string): bigint {
  // Zero marks an empty slot.
  return createHash('sha256').update(id).digest().readBigUInt64LE() | (1n << 63n);
}
