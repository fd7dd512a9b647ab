import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import type { SpoolCipher } from './cipher.js';
import { hashContractId, type ContractIdBytes } from './contract-id-set.js';
import { LANES } from './contract-digest.js';
import { codeOf, unwritable } from './errors.js';
import { writing } from './private-folder.js';

/** What a digest takes off for a contract that ended: what it added for it. */
export interface IndexedContract {
  digest: Uint32Array;
  packageId: string;
  /** Its stakeholders, by their place among the sorted parties of the digest. */
  slots: number[];
}

/** Contracts in a block, which is sealed by itself. */
const BLOCK_CONTRACTS = 500;
/** A sealed block of more is a damaged length. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

const SECOND_SEED = 0x2545f491;
const HIGH_BITS = 0x1fffff;

/** 53 bits of a contract id. What has them by chance only makes a digest unequal, and nothing equal. */
function keyOf(id: ContractIdBytes): number {
  return (hashContractId(id, SECOND_SEED) & HIGH_BITS) * 2 ** 32 + hashContractId(id);
}

function keyOfText(contractId: string): number {
  const bytes = Buffer.from(contractId, 'latin1');
  return keyOf({ bytes, contractIdSpan: { start: 0, end: bytes.length } });
}

/**
 * Writes, in a file, what each contract added to a digest: some 60 bytes for each, so that memory does not grow with them.
 *
 * Each block: its length, then sealed the ids of its packages and its contracts. A block that is cut short ends the file.
 */
export class ContractIndexWriter {
  private readonly packages = new Map<string, number>();
  private bytes = Buffer.allocUnsafeSlow(64 * 1024);
  private length = 0;
  private count = 0;

  /** @param position where `file` is written next, bytes */
  constructor(
    private readonly file: FileHandle,
    private readonly cipher: SpoolCipher,
    public position = 0,
  ) {}

  add(id: ContractIdBytes, { digest, packageId, slots }: IndexedContract): void {
    const place = this.packages.get(packageId) ?? this.packages.size;
    this.packages.set(packageId, place);
    this.reserve(8 + LANES * 4 + 4 + slots.length * 4);
    const key = keyOf(id);
    this.put32(key % 2 ** 32);
    this.put32(Math.floor(key / 2 ** 32));
    for (let lane = 0; lane < LANES; lane++) this.put32(digest[lane] ?? 0);
    this.put16(place);
    this.put16(slots.length);
    for (const slot of slots) this.put32(slot);
    this.count++;
  }

  get isFull(): boolean {
    return this.count >= BLOCK_CONTRACTS;
  }

  /** Writes the contracts added since the last time. */
  async flush(): Promise<void> {
    if (this.count === 0) return;
    const head = Buffer.from(JSON.stringify([...this.packages.keys()]));
    const plain = Buffer.alloc(4 + head.length + this.length);
    plain.writeUInt32LE(head.length, 0);
    head.copy(plain, 4);
    this.bytes.copy(plain, 4 + head.length, 0, this.length);
    const sealed = this.cipher.seal(plain, placeOf(this.position));
    const block = Buffer.alloc(4 + sealed.length);
    block.writeUInt32LE(sealed.length, 0);
    sealed.copy(block, 4);
    this.packages.clear();
    this.length = 0;
    this.count = 0;
    for (let written = 0; written < block.length;) {
      const { bytesWritten } = await this.file.write(block, written, undefined, this.position + written);
      written += bytesWritten;
    }
    this.position += block.length;
  }

  private put16(value: number): void {
    this.length = this.bytes.writeUInt16LE(value, this.length);
  }

  private put32(value: number): void {
    this.length = this.bytes.writeUInt32LE(value >>> 0, this.length);
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** What a digest tells what each contract added to it. */
export type ContractIndex = Pick<ContractIndexWriter, 'add' | 'isFull' | 'flush'>;

/** An index in a file of its own. Nothing more is written once the disk fails: a digest can be made without it. */
export class OptionalIndex implements ContractIndex {
  private failure: { error: unknown } | undefined;

  private constructor(
    private readonly file: FileHandle,
    private readonly writer: ContractIndexWriter,
  ) {}

  /** Begins an empty file. Fails with `SpoolNotWritable`. */
  static async create(path: string, cipher: SpoolCipher): Promise<OptionalIndex> {
    const file = await writing(open(path, 'w', 0o600));
    return new OptionalIndex(file, new ContractIndexWriter(file, cipher));
  }

  add(id: ContractIdBytes, contract: IndexedContract): void {
    if (!this.failure) this.writer.add(id, contract);
  }

  get isFull(): boolean {
    return this.writer.isFull;
  }

  async flush(): Promise<void> {
    if (this.failure) return;
    await this.writer.flush().catch((error: unknown) => (this.failure = { error }));
  }

  async close(): Promise<void> {
    await this.file.close().catch((error: unknown) => (this.failure ??= { error }));
  }

  /** Fails with `SpoolNotWritable` unless all of it was written. */
  assertWhole(): void {
    if (this.failure) throw unwritable(this.failure.error);
  }
}

/**
 * Returns of each contract id what the first of the files that has it says of it, reading them once. What is not there, or
 * stands behind damage, is left out.
 */
export async function findIndexed(
  files: readonly string[],
  cipher: SpoolCipher,
  contractIds: readonly string[],
): Promise<Map<string, IndexedContract>> {
  const wanted = new Map(contractIds.map((contractId) => [keyOfText(contractId), contractId]));
  const found = new Map<string, IndexedContract>();
  for (const path of files) {
    if (wanted.size === 0) break;
    for await (const block of blocksOf(path, cipher))
      for (const [key, contract] of contractsIn(block, wanted)) {
        found.set(wanted.get(key)!, contract);
        wanted.delete(key);
      }
  }
  return found;
}

async function* blocksOf(path: string, cipher: SpoolCipher): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const file = await open(path, flags).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const prefix = Buffer.alloc(4);
    for (let position = 0; ;) {
      if ((await file.read(prefix, { position })).bytesRead < prefix.length) return;
      const length = prefix.readUInt32LE(0);
      if (length > MAX_BLOCK_BYTES) return;
      const sealed = Buffer.allocUnsafeSlow(length);
      const { bytesRead } = await file.read(sealed, { position: position + prefix.length });
      const plain = bytesRead === length ? cipher.open(sealed, placeOf(position)) : undefined;
      if (!plain) return;
      yield plain;
      position += prefix.length + length;
    }
  } finally {
    await file.close();
  }
}

function* contractsIn(
  block: Buffer,
  wanted: ReadonlyMap<number, string>,
): Generator<[number, IndexedContract]> {
  const begin = 4 + block.readUInt32LE(0);
  const packages = JSON.parse(block.toString('utf8', 4, begin)) as string[];
  for (let at = begin; at < block.length;) {
    const key = block.readUInt32LE(at) + block.readUInt32LE(at + 4) * 2 ** 32;
    const lanes = at + 8;
    const place = lanes + LANES * 4;
    const slots = place + 4;
    const count = block.readUInt16LE(place + 2);
    at = slots + count * 4;
    if (!wanted.has(key)) continue;
    yield [
      key,
      {
        digest: Uint32Array.from({ length: LANES }, (_, lane) => block.readUInt32LE(lanes + lane * 4)),
        packageId: packages[block.readUInt16LE(place)] ?? '',
        slots: Array.from({ length: count }, (_, slot) => block.readUInt32LE(slots + slot * 4)),
      },
    ];
  }
}

/** What a block is sealed for. */
function placeOf(position: number): string {
  return `index/${position}`;
}
