import { hash } from 'node:crypto';
import type { ContractRecord } from './record.js';

/** A digest as eight unsigned 32-bit lanes, so that digests can be added lane by lane. */
export const LANES = 8;

/** `hash` returns a string faster than a buffer; encoded as `binary`, one character is one byte. */
const LANE_CHARACTERS = 4;

/**
 * Computes the digest of one contract: SHA-256 over its canonical content.
 *
 * Content, in this order, every number as 4 bytes, big-endian:
 * 1. length, then the fields of the created event as they stand, without `offset` and `node_id` (positions
 *    on the exporting node), `witness_parties` (depends on who reads), `signatories` and `observers`;
 * 2. count of signatories, then per signatory, sorted, length and name; the same for observers: they are
 *    sets, whose order may differ between nodes;
 * 3. the other fields of the contract as they stand: synchronizer id and reassignment counter.
 *
 * All else differs only if the contract does. Lengths and counts make the content unambiguous.
 * Source: admin-api 2.9, step 5.
 */
export class ContractDigester {
  /** Of the last contract. */
  readonly lanes = new Uint32Array(LANES);

  private content = Buffer.allocUnsafeSlow(16 * 1024);
  private length = 0;

  digest(record: ContractRecord): void {
    this.length = 0;
    this.reserve(4 + bytesIn(record.eventRuns));
    this.putNumber(bytesIn(record.eventRuns));
    this.putRuns(record.bytes, record.eventRuns);
    this.putNames(record.signatories);
    this.putNames(record.observers);
    this.reserve(bytesIn(record.contractRuns));
    this.putRuns(record.bytes, record.contractRuns);

    this.setLanes(hash('sha256', this.content.subarray(0, this.length), 'binary'));
  }

  private putNames(names: string[]): void {
    if (names.length > 1) names.sort(byCodeUnit);
    this.reserve(4);
    this.putNumber(names.length);
    for (const name of names) {
      this.reserve(4 + name.length);
      this.putNumber(name.length);
      this.length += this.content.write(name, this.length, 'latin1');
    }
  }

  private putRuns(bytes: Buffer, runs: number[]): void {
    for (let index = 0; index < runs.length; index += 2) {
      this.length += bytes.copy(this.content, this.length, runs[index], runs[index + 1]);
    }
  }

  private putNumber(value: number): void {
    this.length = this.content.writeUInt32BE(value, this.length);
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.content.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    this.content.copy(larger, 0, 0, this.length);
    this.content = larger;
  }

  private setLanes(characters: string): void {
    for (let lane = 0; lane < LANES; lane++) {
      const at = lane * LANE_CHARACTERS;
      this.lanes[lane] =
        (characters.charCodeAt(at) << 24) |
        (characters.charCodeAt(at + 1) << 16) |
        (characters.charCodeAt(at + 2) << 8) |
        characters.charCodeAt(at + 3);
    }
  }
}

function bytesIn(runs: number[]): number {
  let bytes = 0;
  for (let index = 0; index < runs.length; index += 2)
    bytes += (runs[index + 1] ?? 0) - (runs[index] ?? 0);
  return bytes;
}

function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
