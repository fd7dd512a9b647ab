import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

import { encode, type Decoded } from '../wire.js';

export type SigningPublicKey = Decoded<'com.digitalasset.canton.crypto.v0.SigningPublicKey'>;

const TINK_KEY = 'type.googleapis.com/google.crypto.tink.Ed25519PublicKey';
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PURPOSE_FINGERPRINT = 12;
const PURPOSE_TOPOLOGY = 11;

/** A key pair of a node, or of an operator who keeps it offline. */
export interface KeyPair {
  readonly id: string;
  readonly name: string;
  readonly purpose: 'signing' | 'encryption';
  readonly privateKey: KeyObject;
  readonly publicKey: SigningPublicKey;
}

/** Makes a key pair, the same for the same seed: Ed25519 as Tink keeps it, which is the default of 2.10. */
export function makeKeyPair(
  seed: string,
  name: string,
  purpose: KeyPair['purpose'] = 'signing',
): KeyPair {
  const secret = createHash('sha256').update(seed).digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, secret]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const value = Buffer.concat([Buffer.from([0x12, 32]), spki.subarray(SPKI_PREFIX.length)]);
  const id = multihash(PURPOSE_FINGERPRINT, value);
  const publicKey = { id, format: 'Tink', public_key: keysetOf(value), scheme: 'Ed25519' } as const;
  return { id, name, purpose, privateKey, publicKey };
}

/** The hash that is signed of a topology transaction. */
export function transactionHash(transaction: Uint8Array): Buffer {
  return Buffer.from(multihash(PURPOSE_TOPOLOGY, transaction), 'hex');
}

export function signatureOf(pair: KeyPair, transaction: Uint8Array): Buffer {
  return sign(null, transactionHash(transaction), pair.privateKey);
}

export function isSignedBy(
  key: SigningPublicKey,
  transaction: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bytes = Buffer.from(key.public_key ?? Buffer.alloc(0));
  const at = bytes.indexOf(Buffer.from([0x12, 34, 0x12, 32]));
  if (at < 0) return false;
  const spki = Buffer.concat([SPKI_PREFIX, bytes.subarray(at + 4, at + 36)]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return verify(null, transactionHash(transaction), publicKey, signature);
}

/** A SHA-256 multihash in hex. */
export function multihash(purpose: number, bytes: Uint8Array): string {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(purpose);
  return `1220${createHash('sha256').update(prefix).update(bytes).digest('hex')}`;
}

/** A Tink keyset of one raw key. */
function keysetOf(value: Buffer): Buffer {
  const data = field(1, Buffer.from(TINK_KEY));
  const keyData = Buffer.concat([data, field(2, value), Buffer.from([0x18, 3])]);
  const number = Buffer.concat([Buffer.from([0x08]), varint(value.readUInt32BE(2) >>> 1)]);
  const key = Buffer.concat([
    field(1, keyData),
    Buffer.from([0x10, 1, 0x18]),
    number.subarray(1),
    Buffer.from([0x20, 3]),
  ]);
  return Buffer.concat([number, field(2, key)]);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

/** A versioned wrapper; version 0 is not written. */
export function wrap(data: Uint8Array, version = 0): Buffer {
  return encode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', { data, version });
}
