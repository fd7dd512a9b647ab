import protobuf from 'protobufjs';
import { deserializationFailure } from '../errors.js';
import { cutShort, reading, readText } from '../wire.js';

const { Reader, Writer } = protobuf;

/** Protocol version of the records of a snapshot. */
const VERSION = 30;

/** What the importer uses of a record of a snapshot. Source: admin-api 2.1. */
export interface SnapshotRecord {
  readonly contractId: string;
  readonly blob: Uint8Array;
  /** Empty where the exporter gave none. */
  readonly representativePackageId: string;
  readonly synchronizerId: string;
  readonly reassignmentCounter: number;
}

/** Frames a serialized `com.daml.ledger.api.v2.ActiveContract` as a record of a snapshot. */
export function frame(activeContract: Uint8Array): Uint8Array {
  const inner = Writer.create();
  if (activeContract.length > 0) inner.uint32(10).bytes(activeContract);
  return Writer.create()
    .fork()
    .uint32(10)
    .bytes(inner.finish())
    .uint32(16)
    .int32(VERSION)
    .ldelim()
    .finish();
}

/** Cuts raw snapshot bytes into records. Memory does not grow with the snapshot. */
export async function* records(raw: AsyncIterable<Buffer>): AsyncGenerator<SnapshotRecord> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of raw) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (;;) {
      const prefix = readPrefix(rest, at);
      if (!prefix || prefix.end + prefix.length > rest.length) break;
      yield parseRecord(rest.subarray(prefix.end, prefix.end + prefix.length));
      at = prefix.end + prefix.length;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw cutShort();
}

function readPrefix(bytes: Buffer, from: number): { length: number; end: number } | undefined {
  let length = 0;
  for (let at = from, scale = 1; at < bytes.length; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    length += (byte & 127) * scale;
    if (byte < 128) return { length, end: at + 1 };
    if (scale > 2 ** 35) throw cutShort();
  }
  return undefined;
}

function parseRecord(bytes: Uint8Array): SnapshotRecord {
  return reading(() => {
    const versioned = fields(bytes);
    const wrapped = fields(versioned.get(1)?.bytes ?? Buffer.alloc(0));
    return parseActiveContract(wrapped.get(1)?.bytes ?? Buffer.alloc(0));
  });
}

function parseActiveContract(bytes: Uint8Array): SnapshotRecord {
  const contract = fields(bytes);
  const event = contract.get(1)?.bytes;
  if (!event) {
    throw deserializationFailure(
      'ValueConversionError(contract,Create node in ActiveContract should not be empty)',
    );
  }
  const created = fields(event);
  return {
    contractId: text(created.get(3)),
    blob: created.get(7)?.bytes ?? Buffer.alloc(0),
    representativePackageId: text(created.get(15)),
    synchronizerId: text(contract.get(2)),
    reassignmentCounter: contract.get(3)?.number ?? 0,
  };
}

interface Field {
  readonly bytes?: Uint8Array;
  readonly number?: number;
}

function text(field: Field | undefined): string {
  return readText(field?.bytes ?? Buffer.alloc(0));
}

/** The last value of every field; enough for messages whose fields are read one by one. */
function fields(bytes: Uint8Array): Map<number, Field> {
  const found = new Map<number, Field>();
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) found.set(tag >>> 3, { bytes: reader.bytes() });
    else if ((tag & 7) === 0) found.set(tag >>> 3, { number: Number(reader.uint64()) });
    else reader.skipType(tag & 7);
  }
  return found;
}
