import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Version of the records of a snapshot. Source: admin-api 2.1. */
const RECORD_VERSION = 30;

/** What a transaction of an update stream changed, its created events as they came. */
export interface RawTransaction {
  /** Decimal int64. */
  offset: string;
  updateId: string;
  workflowId: string;
  synchronizerId: string;
  created: { contractId: string; stakeholders: string[]; event: Uint8Array }[];
  /** With the parties that saw it, of those that were asked for. */
  archived: { contractId: string; witnesses: string[] }[];
  /**
   * Whether it is a repair. Both its times are that of the repair, while a ledger transaction has the time its submitter gave it
   * and the later one of its order. Source: admin-api 2.7.
   */
  isRepair: boolean;
}

/**
 * Reads an answer of `GetUpdates`; nothing if it is no transaction.
 *
 * By hand: contracts come by the million, and as messages each would be read in whole, and written again for its record.
 * Source: proto Transaction; proto CreatedEvent; proto ArchivedEvent.
 */
export function readTransaction(answer: Uint8Array): RawTransaction | undefined {
  let found: RawTransaction | undefined;
  eachField(answer, (field, reader) => {
    if (field !== 1) return false;
    found = transactionIn(reader.bytes());
    return true;
  });
  return found;
}

function transactionIn(bytes: Uint8Array): RawTransaction {
  const found: RawTransaction = {
    ...{ offset: '0', updateId: '', workflowId: '', synchronizerId: '' },
    ...{ created: [], archived: [], isRepair: false },
  };
  let [effectiveAt, recordTime] = [Buffer.alloc(0), Buffer.alloc(0)];
  eachField(bytes, (field, reader) => {
    if (field === 1) found.updateId = reader.string();
    else if (field === 3) found.workflowId = reader.string();
    else if (field === 4) effectiveAt = Buffer.from(reader.bytes());
    else if (field === 5) readEvent(reader.bytes(), found);
    else if (field === 6) found.offset = reader.int64().toString();
    else if (field === 7) found.synchronizerId = reader.string();
    else if (field === 9) recordTime = Buffer.from(reader.bytes());
    else return false;
    return true;
  });
  found.isRepair = effectiveAt.length > 0 && effectiveAt.equals(recordTime);
  return found;
}

function readEvent(bytes: Uint8Array, { created, archived }: RawTransaction): void {
  eachField(bytes, (field, reader) => {
    if (field === 1) created.push(createdIn(reader.bytes()));
    else if (field === 2) archived.push(archivedIn(reader.bytes()));
    else return false;
    return true;
  });
}

function createdIn(event: Uint8Array): RawTransaction['created'][number] {
  let contractId = '';
  const stakeholders: string[] = [];
  eachField(event, (field, reader) => {
    if (field === 3) contractId = reader.string();
    else if (field === 10 || field === 11) stakeholders.push(reader.string());
    else return false;
    return true;
  });
  return { contractId, stakeholders, event };
}

function archivedIn(event: Uint8Array): RawTransaction['archived'][number] {
  let contractId = '';
  const witnesses: string[] = [];
  eachField(event, (field, reader) => {
    if (field === 3) contractId = reader.string();
    else if (field === 5) witnesses.push(reader.string());
    else return false;
    return true;
  });
  return { contractId, witnesses };
}

/** Shows one field after the other to `read`, which says whether it has read its value. */
export function eachField(
  bytes: Uint8Array,
  read: (field: number, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!read(field, reader)) reader.skip(wireType, field);
  }
}

/** A created event as the record of an export, framed. Source: admin-api 2.1. */
export function recordOf(event: Uint8Array, synchronizerId: string): Uint8Array {
  const contract = sizeOf(event.length) + sizeOf(Buffer.byteLength(synchronizerId));
  const snapshot = sizeOf(contract);
  const record = sizeOf(snapshot) + 2;
  const bytes = Buffer.allocUnsafe(varintSize(record) + record);
  let at = putVarint(bytes, record, 0);
  for (const length of [snapshot, contract, event.length]) at = putHead(bytes, 1, length, at);
  bytes.set(event, at);
  at = putHead(bytes, 2, Buffer.byteLength(synchronizerId), at + event.length);
  at += bytes.write(synchronizerId, at);
  bytes[at] = 2 * 8 + WireType.Varint;
  bytes[at + 1] = RECORD_VERSION;
  return bytes;
}

/** Of a field of so many bytes, with its head. */
function sizeOf(length: number): number {
  return 1 + varintSize(length) + length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

function putHead(bytes: Buffer, field: number, length: number, at: number): number {
  bytes[at] = field * 8 + WireType.LengthDelimited;
  return putVarint(bytes, length, at + 1);
}

/** Returns where the next byte goes. */
function putVarint(bytes: Buffer, value: number, at: number): number {
  let next = at;
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[next++] = (rest % 128) + 128;
  bytes[next++] = rest;
  return next;
}
