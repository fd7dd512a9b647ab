import { fromBinary } from '@bufbuild/protobuf';

import {
  SignedTopologyTransactionSchema,
  type SignedTopologyTransaction,
} from '../gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { UntypedVersionedMessageSchema } from '../gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';

/** Of a topology transaction, by the lowest protocol version that writes it so. Source: canton-2.10 3. */
const ENCODINGS: readonly { protocolVersion: number; encoding: number }[] = [
  { protocolVersion: 7, encoding: 3 },
  { protocolVersion: 6, encoding: 2 },
  { protocolVersion: 4, encoding: 1 },
  { protocolVersion: 0, encoding: 0 },
];
/** Those of one encoding that a participant of 2.10 connects with. */
const CONNECTED = new Map([
  [3, 7],
  [1, 5],
]);

/** The version of the wrapper of a topology transaction that a domain of this protocol version takes. */
export function encodingOf(protocolVersion: number): number {
  return ENCODINGS.find((its) => protocolVersion >= its.protocolVersion)!.encoding;
}

/** The protocol version of a domain of which this is a transaction, as it stands in its store; 0 if none is known. */
export function protocolVersionOfRow(serialized: Uint8Array): number {
  return CONNECTED.get(encodingIn(unwrapSigned(serialized).transaction)) ?? 0;
}

/** How a topology transaction is encoded: the version of its wrapper. */
export function encodingIn(transaction: Uint8Array): number {
  return fromBinary(UntypedVersionedMessageSchema, transaction).version;
}

export function unwrapSigned(serialized: Uint8Array): SignedTopologyTransaction {
  return fromBinary(SignedTopologyTransactionSchema, unwrapped(serialized));
}

/** What a versioned wrapper has in it. */
export function unwrapped(bytes: Uint8Array): Uint8Array {
  const { wrapper } = fromBinary(UntypedVersionedMessageSchema, bytes);
  return wrapper.case === 'data' ? wrapper.value : new Uint8Array();
}
