import { multiTransactionHash, transactionHash, type Signature } from '../crypto.js';
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
  /** Signatures over several transactions, of which this is one. */
  readonly multiSignatures?: readonly MultiSignatures[];
  readonly isProposal: boolean;
}

/** Signatures of several keys over the same transactions. */
export interface MultiSignatures {
  readonly hashes: readonly Buffer[];
  readonly signatures: readonly Signature[];
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
export function parseTransaction(bytes: Buffer): TopologyTransaction {
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
  const multi = message.multi_transaction_signatures.map((one) => ({
    hashes: one.transaction_hashes,
    signatures: one.signatures.map(plainSignature),
  }));
  return {
    transaction: parseTransaction(message.transaction ?? Buffer.alloc(0)),
    signatures: message.signatures.map(plainSignature),
    ...(multi.length > 0 && { multiSignatures: multi }),
    isProposal: message.proposal === true,
  };
}

/** Drops what a decoded message carries beside its fields. */
export function plainSignature(
  message: Decoded<'com.digitalasset.canton.crypto.v30.Signature' | 'com.daml.ledger.api.v2.Signature'>,
): Signature {
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
    ...(signed.multiSignatures && {
      multi_transaction_signatures: signed.multiSignatures.map(({ hashes, signatures }) => ({
        transaction_hashes: hashes,
        signatures,
      })),
    }),
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

/** The signatures of a transaction, by themselves or with others. */
type Signatures = Pick<SignedTransaction, 'signatures' | 'multiSignatures'>;

/** Returns the fingerprints of the signers, in the order of the signatures. */
export function signers(signed: Signatures): string[] {
  const all = [signed, ...(signed.multiSignatures ?? [])].flatMap((one) => one.signatures);
  return [...new Set(all.map((signature) => signature.signed_by))];
}

/** Lists every signature of a transaction with what it signs: nothing if that does not include the transaction. */
export function signedHashes(
  signed: Signatures,
  own: Buffer,
): { readonly signature: Signature; readonly hash: Buffer | undefined }[] {
  const multi = (signed.multiSignatures ?? []).flatMap(({ hashes, signatures }) => {
    const hash = hashes.some((one) => one.equals(own)) ? multiTransactionHash(hashes) : undefined;
    return signatures.map((signature) => ({ signature, hash }));
  });
  return [...signed.signatures.map((signature) => ({ signature, hash: own })), ...multi];
}

/** Leaves of signatures those of some signers. */
export function restricted(signed: Signatures, keeps: (signer: string) => boolean): Signatures {
  const kept = (list: readonly Signature[]) => list.filter(({ signed_by }) => keeps(signed_by));
  const multi = (signed.multiSignatures ?? [])
    .map((one) => ({ ...one, signatures: kept(one.signatures) }))
    .filter((one) => one.signatures.length > 0);
  return { signatures: kept(signed.signatures), ...(multi.length > 0 && { multiSignatures: multi }) };
}

/** Joins the signatures of two copies of one transaction, one per signer. */
export function mergedSignatures(one: Signatures, other: Signatures): Signatures {
  const known = new Set(signers(one));
  const { signatures, multiSignatures: multi = [] } = restricted(other, (signer) => !known.has(signer));
  const all = [...(one.multiSignatures ?? []), ...multi];
  return {
    signatures: [...one.signatures, ...signatures],
    ...(all.length > 0 && { multiSignatures: all }),
  };
}
