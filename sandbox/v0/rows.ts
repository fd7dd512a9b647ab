import { randomBytes } from 'node:crypto';

import { CantonRefusal, deserializationFailure } from '../errors.js';
import { decode, encode, type Decoded, type Encodable } from '../wire.js';
import { isSignedBy, signatureOf, wrap, type KeyPair, type SigningPublicKey } from './keys.js';

type Update = Encodable<'com.digitalasset.canton.protocol.v0.TopologyStateUpdate'>;
/** The mapping of a row: exactly one field. */
export type RowMapping = Pick<
  Update,
  | 'namespace_delegation'
  | 'owner_to_key_mapping'
  | 'party_to_participant'
  | 'participant_state'
  | 'vetted_packages'
>;
export type Operation = 'Add' | 'Remove';

/** One topology transaction of a store. */
export interface Row {
  readonly operation: Operation;
  /** Of the element: what a removal names. */
  readonly element: string;
  readonly mapping: Decoded<'com.digitalasset.canton.protocol.v0.TopologyStateUpdate'>;
  /** Of the wrapper of the transaction. */
  readonly encoding: number;
  readonly key: SigningPublicKey;
  /** As it is stored and sent. */
  readonly serialized: Buffer;
}

/** The version of the wrapper by protocol version. */
export function encodingOf(protocolVersion: number): number {
  if (protocolVersion >= 7) return 3;
  return protocolVersion >= 4 ? 1 : 0;
}

/** Signs a change with a key of the node. */
export function signRow(
  change: { operation: Operation; mapping: RowMapping; element?: string },
  encoding: number,
  pair: KeyPair,
): Row {
  const { operation, mapping, element = randomBytes(16).toString('hex') } = change;
  const content = encode('com.digitalasset.canton.protocol.v0.TopologyTransaction', {
    state_update: { operation, id: element, ...mapping },
  });
  const transaction = wrap(content, encoding);
  const signed = encode('com.digitalasset.canton.protocol.v0.SignedTopologyTransaction', {
    transaction,
    key: pair.publicKey,
    signature: {
      format: 'RawSignatureFormat',
      signature: signatureOf(pair, transaction),
      signed_by: pair.id,
    },
  });
  return readRow(wrap(signed));
}

/** Reads what somebody signed. Refused where it is no transaction, or the signature is not of it. */
export function readRow(serialized: Buffer): Row {
  const signed = decodeOr(() =>
    decode('com.digitalasset.canton.protocol.v0.SignedTopologyTransaction', unwrap(serialized).data),
  );
  const { data, version } = unwrap(signed.transaction ?? Buffer.alloc(0));
  const { state_update: update } = decodeOr(() =>
    decode('com.digitalasset.canton.protocol.v0.TopologyTransaction', data),
  );
  const { key, signature } = signed;
  if (!update || !key || !signature?.signature) throw deserializationFailure('FieldNotSet(transaction)');
  if (!isSignedBy(key, signed.transaction ?? Buffer.alloc(0), signature.signature)) throw unauthorized();
  const operation = update.operation === 'Remove' ? 'Remove' : 'Add';
  return { operation, element: update.id ?? '', mapping: update, encoding: version, key, serialized };
}

/** The same row for another encoding, signed again. */
export function reencoded(row: Row, encoding: number, pair: KeyPair): Row {
  if (row.encoding === encoding) return row;
  const { operation, element, mapping } = row;
  return signRow({ operation, element, mapping: mappingOf(mapping) }, encoding, pair);
}

export function mappingOf(update: Row['mapping']): RowMapping {
  const { namespace_delegation, owner_to_key_mapping, party_to_participant } = update;
  const { participant_state, vetted_packages } = update;
  if (namespace_delegation) return { namespace_delegation };
  if (owner_to_key_mapping) return { owner_to_key_mapping };
  if (party_to_participant) return { party_to_participant };
  if (participant_state) return { participant_state };
  return { vetted_packages };
}

/** Redacted: who reads it learns no more. */
export function unauthorized(): CantonRefusal {
  return new CantonRefusal({
    id: 'UNAUTHORIZED_TOPOLOGY_TRANSACTION',
    category: 5,
    cause: 'unauthorized',
  });
}

/** What is in effect of these rows, in their order: an element that was removed is not. */
export function inEffect(rows: readonly Row[]): Row[] {
  const removed = new Set(
    rows.filter(({ operation }) => operation === 'Remove').map(({ element }) => element),
  );
  return rows.filter(({ operation, element }) => operation === 'Add' && !removed.has(element));
}

function unwrap(bytes: Buffer): { data: Buffer; version: number } {
  const { data, version } = decodeOr(() =>
    decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', bytes),
  );
  return { data: data ?? Buffer.alloc(0), version: version ?? 0 };
}

function decodeOr<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw deserializationFailure(`BufferException(${(error as Error).message})`);
  }
}
