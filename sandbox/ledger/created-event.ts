import protobuf from 'protobufjs';
import { decode, encode, type Decoded, type Encodable } from '../wire.js';
import type { StoredContract } from './contract-file.js';

const { Writer } = protobuf;

/** Where an event stands and who is shown as seeing it. */
export interface EventPlace {
  readonly offset: number;
  readonly nodeId: number;
  readonly witnesses: readonly string[];
  readonly hasBlob: boolean;
}

/** Serializes a `CreatedEvent` by copying the stored parts, fields in ascending order. */
export function createdEventBytes(stored: StoredContract, place: EventPlace): Uint8Array {
  const start = Writer.create().uint32(8).int64(place.offset);
  if (place.nodeId > 0) start.uint32(16).int32(place.nodeId);
  const witnesses = Writer.create();
  for (const party of place.witnesses) witnesses.uint32(74).string(party);
  const parts = [start.finish(), stored.head, witnesses.finish(), stored.tail, stored.representative];
  if (place.hasBlob) parts.splice(2, 0, stored.blob);
  return Buffer.concat(parts);
}

/** Returns a `CreatedEvent` as a message. */
export function createdEvent(
  stored: StoredContract,
  place: EventPlace,
): Decoded<'com.daml.ledger.api.v2.CreatedEvent'> {
  return decode('com.daml.ledger.api.v2.CreatedEvent', createdEventBytes(stored, place));
}

/** Serializes a `com.daml.ledger.api.v2.ActiveContract`; `synchronizerId` may differ from the stored one. */
export function activeContractBytes(
  stored: StoredContract,
  place: EventPlace,
  synchronizerId: string,
): Uint8Array {
  const writer = Writer.create().uint32(10).bytes(createdEventBytes(stored, place));
  writer.uint32(18).string(synchronizerId);
  if (stored.reassignmentCounter > 0) writer.uint32(24).uint64(stored.reassignmentCounter);
  return writer.finish();
}

/** Serializes a field of bytes or of a message, with its tag. */
export function field(number: number, bytes: Uint8Array): Uint8Array {
  return Writer.create()
    .uint32(number * 8 + 2)
    .bytes(bytes)
    .finish();
}

/** Returns microseconds since 1970 as a `google.protobuf.Timestamp`. */
export function timestamp(micros: number): Encodable<'google.protobuf.Timestamp'> {
  const nanos = (micros % 1e6) * 1000;
  return { seconds: String(Math.floor(micros / 1e6)), ...(nanos > 0 && { nanos }) };
}

/** The arguments of a contract, as a `com.daml.ledger.api.v2.Record` has them. */
export interface ContractArguments {
  readonly fields: readonly Encodable<'com.daml.ledger.api.v2.RecordField'>[];
}

/** Serializes the arguments of a contract, without the labels. */
export function argumentBytes({ fields }: ContractArguments): Uint8Array {
  return encode('com.daml.ledger.api.v2.Record', { fields: fields.map(({ value }) => ({ value })) });
}
