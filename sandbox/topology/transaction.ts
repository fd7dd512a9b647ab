import { transactionHash, type Signature } from '../crypto.js';
import { deserializationFailure } from '../errors.js';
import { decode, encode, type Decoded, type Encodable } from '../wire.js';
import { mappingMessage, mappingNamespace, mappingOf, uniqueKey, type Mapping } from './mapping.js';

const PROTOCOL = 'com.digitalasset.canton.protocol.v30';
const SIGNED = `${PROTOCOL}.SignedTopologyTransaction`;
const VERSIONED = 'com.digitalasset.canton.version.v1.UntypedVersionedMessage';
const VERSION = 30;

/** What a topology transaction does with its mapping. */
export type Operation = 'TOPOLOGY_CHANGE_OP_ADD_REPLACE' | 'TOPOLOGY_CHANGE_OP_REMOVE';

/** Adds a mapping or replaces the one with the same unique key. */
export const ADD: Operation = 'TOPOLOGY_CHANGE_OP_ADD_REPLACE';
/** Takes a mapping back. */
export const REMOVE: Operation = 'TOPOLOGY_CHANGE_OP_REMOVE';

/** A topology transaction with the very bytes it was hashed and signed as. */
export interface TopologyTransaction {
  readonly bytes: Buffer;
  /** 34 bytes. */
  readonly hash: Buffer;
  /** The hash as hex, to compare by. */
  readonly id: string;
  readonly operation: Operation;
  readonly serial: number;
  readonly mapping: Mapping;
  readonly key: string;
  readonly namespace: string;
}

/** A topology transaction with its signatures. */
export interface SignedTransaction {
  readonly transaction: TopologyTransaction;
  readonly signatures: readonly Signature[];
  readonly isProposal: boolean;
}

/** Serializes a new topology transaction. */
export function buildTransaction(
  operation: Operation,
  serial: number,
  mapping: Mapping,
): TopologyTransaction {
  const data = encode(`${PROTOCOL}.TopologyTransaction`, {
    operation,
    serial,
    mapping: mappingMessage(mapping),
  });
  const bytes = encode(VERSIONED, { data, version: VERSION });
  return assembled(bytes, operation, serial, mapping);
}

/** Reads a topology transaction from the bytes in a `SignedTopologyTransaction`. */
function parseTransaction(bytes: Buffer): TopologyTransaction {
  const { data } = decode(VERSIONED, bytes);
  if (data === undefined) throw deserializationFailure('FieldNotSet(TopologyTransaction: data)');
  const message = decode(`${PROTOCOL}.TopologyTransaction`, data);
  const operation = message.operation;
  if (operation !== ADD && operation !== REMOVE) throw deserializationFailure('FieldNotSet(operation)');
  const mapping = mappingOf(message.mapping);
  return assembled(bytes, operation, Number(message.serial ?? 0), mapping);
}

function assembled(
  bytes: Buffer,
  operation: Operation,
  serial: number,
  mapping: Mapping,
): TopologyTransaction {
  const hash = transactionHash(bytes);
  const namespace = mappingNamespace(mapping);
  return {
    bytes,
    hash,
    id: hash.toString('hex'),
    operation,
    serial,
    mapping,
    key: uniqueKey(mapping),
    namespace,
  };
}

/** Reads a decoded `SignedTopologyTransaction`. */
export function parseSigned(message: Decoded<typeof SIGNED>): SignedTransaction {
  return {
    transaction: parseTransaction(message.transaction ?? Buffer.alloc(0)),
    signatures: message.signatures.map(plainSignature),
    isProposal: message.proposal === true,
  };
}

/** Drops what a decoded message carries beside its fields. */
function plainSignature(message: Decoded<'com.digitalasset.canton.crypto.v30.Signature'>): Signature {
  return {
    format: message.format,
    signature: message.signature ?? Buffer.alloc(0),
    signed_by: message.signed_by ?? '',
    signing_algorithm_spec: message.signing_algorithm_spec,
  };
}

/** Returns the `SignedTopologyTransaction` message. */
export function signedMessage(signed: SignedTransaction): Encodable<typeof SIGNED> {
  return {
    transaction: signed.transaction.bytes,
    signatures: signed.signatures,
    ...(signed.isProposal ? { proposal: true } : {}),
  };
}

/** Reads a signed transaction as `storedBytes` writes it. */
export function parseStored(bytes: Uint8Array): SignedTransaction {
  const { data = Buffer.alloc(0) } = decode(VERSIONED, bytes);
  return parseSigned(decode(SIGNED, data));
}

/** Serializes a signed transaction the way `TopologyTransactions.Item` carries it. */
export function storedBytes(signed: SignedTransaction): Buffer {
  const data = encode(SIGNED, signedMessage(signed));
  return encode(VERSIONED, { data, version: VERSION });
}

/** Whether two transactions state the same mapping, byte by byte. */
export function isSameMapping(one: Mapping, other: Mapping): boolean {
  if (one.code !== other.code) return false;
  const bytes = (mapping: Mapping) => encode(`${PROTOCOL}.TopologyMapping`, mappingMessage(mapping));
  return bytes(one).equals(bytes(other));
}

/** Returns the fingerprints of the signers, in the order of the signatures. */
export function signers(signed: Pick<SignedTransaction, 'signatures'>): string[] {
  return signed.signatures.map((signature) => signature.signed_by);
}

/** Joins the signatures of two copies of one transaction, one per signer. */
export function mergedSignatures(one: SignedTransaction, other: SignedTransaction): Signature[] {
  const known = new Set(signers(one));
  return [...one.signatures, ...other.signatures.filter((signature) => !known.has(signature.signed_by))];
}
