import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:fs';
import protobuf from 'protobufjs';
import { type Contract, encodeBlob, readIdentifier, type Template, writeTemplate } from './contract.js';

const { Reader, Writer } = protobuf;

/** What this node adds to a contract when it stores it. */
export interface Placement {
  /** Logical synchronizer id. */
  readonly synchronizerId: string;
  readonly representativePackageId: string;
  readonly reassignmentCounter: number;
}

/**
 * A stored contract, cut so that a `CreatedEvent` is put together by copying: `head` holds fields 3 to 6,
 * `blob` field 7, `tail` fields 10 to 14 and `representative` field 15, each with its tags.
 */
export interface StoredContract extends Placement {
  readonly head: Buffer;
  readonly blob: Buffer;
  readonly tail: Buffer;
  readonly representative: Buffer;
}

/** What the index keeps of a stored contract, read back from its bytes. */
export interface StoredKeys {
  readonly contractId: string;
  readonly template: Template;
  readonly signatories: readonly string[];
  readonly observers: readonly string[];
}

const HEADER = 28;
const WRITE_BUFFER = 1 << 20;
const READ_AHEAD = 1 << 18;

/** An append-only file of contracts; what was appended after the last `flush` may be dropped again. */
export class ContractFile {
  private readonly fd: number;
  private readonly pending = Buffer.allocUnsafe(WRITE_BUFFER);
  private pendingBytes = 0;
  /** Bytes in the file, without what is pending. */
  private written = 0;
  private window = Buffer.alloc(0);
  private windowAt = 0;

  constructor(path: string) {
    this.fd = openSync(path, constants.O_RDWR | constants.O_CREAT);
  }

  /** Bytes appended so far. */
  get size(): number {
    return this.written + this.pendingBytes;
  }

  /** Appends one contract and returns where it starts. */
  append(contract: Contract, placement: Placement): number {
    const at = this.size;
    const record = encodeRecord(contract, placement);
    if (record.length > WRITE_BUFFER - this.pendingBytes) this.flush();
    if (record.length > WRITE_BUFFER) {
      this.written += writeSync(this.fd, record, 0, record.length, this.written);
    } else {
      this.pendingBytes += record.copy(this.pending, this.pendingBytes);
    }
    return at;
  }

  /** Hands everything appended to the operating system, where it survives `kill -9`. */
  flush(): void {
    if (this.pendingBytes === 0) return;
    this.written += writeSync(this.fd, this.pending, 0, this.pendingBytes, this.written);
    this.pendingBytes = 0;
  }

  /** Drops everything from byte `size` on. */
  truncate(size: number): void {
    this.pendingBytes = 0;
    this.written = size;
    this.windowAt = 0;
    this.window = Buffer.alloc(0);
    ftruncateSync(this.fd, size);
  }

  /** Reads the contract that starts at `at`; cheap when called with ascending positions. */
  read(at: number, isScan = false): { stored: StoredContract; next: number } {
    if (at >= this.written) this.flush();
    const header = this.bytes(at, HEADER, isScan);
    const total = header.readUInt32LE(0);
    return { stored: parseRecord(this.bytes(at, total, isScan)), next: at + total };
  }

  close(): void {
    closeSync(this.fd);
  }

  private bytes(at: number, length: number, isScan: boolean): Buffer {
    const from = at - this.windowAt;
    if (from >= 0 && from + length <= this.window.length)
      return this.window.subarray(from, from + length);

    const wanted = Math.max(length, isScan ? READ_AHEAD : 4096);
    const window = Buffer.allocUnsafe(wanted);
    const read = readSync(this.fd, window, 0, wanted, at);
    if (read < length)
      throw new Error(`contract file ends at ${at + read}, a contract needs ${at + length}`);
    this.window = window.subarray(0, read);
    this.windowAt = at;
    return this.window.subarray(0, length);
  }
}

function encodeRecord(contract: Contract, placement: Placement): Buffer {
  const head = Writer.create().uint32(26).string(contract.contractId);
  writeTemplate(head, 4, contract.template);
  const headBytes = head.uint32(50).bytes(contract.argumentBytes).finish();
  const blob = Writer.create().uint32(58).bytes(encodeBlob(contract)).finish();
  const tail = encodeTail(contract);
  const package_ = Writer.create().uint32(122).string(placement.representativePackageId).finish();
  const synchronizer = Buffer.from(placement.synchronizerId);

  const parts = [headBytes, blob, tail, package_, synchronizer];
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, HEADER),
    0,
  );
  parts.slice(0, 4).forEach((part, i) => header.writeUInt32LE(part.length, 4 + 4 * i));
  header.writeUInt32LE(synchronizer.length, 20);
  header.writeUInt32LE(placement.reassignmentCounter, 24);
  return Buffer.concat([header, ...parts]);
}

function encodeTail(contract: Contract): Uint8Array {
  const tail = Writer.create();
  for (const party of contract.signatories) tail.uint32(82).string(party);
  for (const party of contract.observers) tail.uint32(90).string(party);
  tail.uint32(98).fork();
  tail.uint32(8).int64(Math.floor(contract.createdAtMicros / 1e6));
  const nanos = (contract.createdAtMicros % 1e6) * 1000;
  if (nanos > 0) tail.uint32(16).int32(nanos);
  tail.ldelim();
  return tail.uint32(106).string(contract.template.packageName).uint32(112).bool(true).finish();
}

function parseRecord(record: Buffer): StoredContract {
  let at = HEADER;
  const part = (field: number) => {
    const length = record.readUInt32LE(field);
    at += length;
    return record.subarray(at - length, at);
  };
  // In the order they are in.
  const [head, blob, tail] = [part(4), part(8), part(12)];
  const [representative, synchronizer] = [part(16), part(20)];
  const package_ = Reader.create(representative);
  package_.uint32();
  return {
    head,
    blob,
    tail,
    representative,
    synchronizerId: synchronizer.toString(),
    representativePackageId: package_.string(),
    reassignmentCounter: record.readUInt32LE(24),
  };
}

/** Reads what the index needs back from a stored contract. */
export function keysOf(stored: StoredContract): StoredKeys {
  const head = Reader.create(stored.head);
  head.uint32();
  const contractId = head.string();
  head.uint32();
  const identifier = readIdentifier(head.bytes());
  const signatories: string[] = [];
  const observers: string[] = [];
  let packageName = '';
  const tail = Reader.create(stored.tail);
  while (tail.pos < tail.len) {
    const tag = tail.uint32();
    if (tag === 82) signatories.push(tail.string());
    else if (tag === 90) observers.push(tail.string());
    else if (tag === 106) packageName = tail.string();
    else tail.skipType(tag & 7);
  }
  return { contractId, template: { ...identifier, packageName }, signatories, observers };
}

/** Returns the serialized blob of a stored contract. */
export function blobOf(stored: StoredContract): Uint8Array {
  const reader = Reader.create(stored.blob);
  reader.uint32();
  return reader.bytes();
}
