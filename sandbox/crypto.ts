import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto';
import { deserializationFailure } from './errors.js';
import type { Decoded } from './wire.js';

type Crypto<N extends 'SigningPublicKey' | 'EncryptionPublicKey' | 'Signature'> =
  Decoded<`com.digitalasset.canton.crypto.v30.${N}`>;
type FieldOf<M, F extends keyof M> = NonNullable<M[F]>;

/** What a signing key may be used for. */
export type KeyUsage = Crypto<'SigningPublicKey'>['usage'][number];

/** A `crypto.v30.SigningPublicKey` as decoded. */
export interface SigningPublicKey {
  readonly format: FieldOf<Crypto<'SigningPublicKey'>, 'format'>;
  /** DER SubjectPublicKeyInfo. */
  readonly public_key: Buffer;
  readonly usage: readonly KeyUsage[];
  readonly key_spec: FieldOf<Crypto<'SigningPublicKey'>, 'key_spec'>;
}

/** A `crypto.v30.EncryptionPublicKey` as decoded. */
export interface EncryptionPublicKey {
  readonly format: FieldOf<Crypto<'EncryptionPublicKey'>, 'format'>;
  readonly public_key: Buffer;
  readonly key_spec: FieldOf<Crypto<'EncryptionPublicKey'>, 'key_spec'>;
}

/** A `crypto.v30.Signature` as decoded. */
export interface Signature {
  readonly format: Crypto<'Signature'>['format'] | undefined;
  readonly signature: Buffer;
  readonly signed_by: string;
  readonly signing_algorithm_spec: Crypto<'Signature'>['signing_algorithm_spec'] | undefined;
}

/** Whether the sandbox knows a signing scheme. */
export function isSigningSpec(spec: string): spec is SigningSpec {
  return spec === 'SIGNING_KEY_SPEC_EC_CURVE25519' || isEcdsa(spec);
}

/** The signing schemes the sandbox knows. */
export type SigningSpec =
  'SIGNING_KEY_SPEC_EC_CURVE25519' | 'SIGNING_KEY_SPEC_EC_P256' | 'SIGNING_KEY_SPEC_EC_P384';

/** The format of every public key here. */
export const SPKI = 'CRYPTO_KEY_FORMAT_DER_X509_SUBJECT_PUBLIC_KEY_INFO' as const;

const MULTIHASH_SHA256 = Buffer.from([0x12, 0x20]);
const PURPOSE_FINGERPRINT = 12;
const PURPOSE_TOPOLOGY = 11;
const PURPOSE_DECENTRALIZED_NAMESPACE = 37;
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function multihash(purpose: number, bytes: Uint8Array): Buffer {
  const hash = createHash('sha256').update(int32(purpose)).update(bytes);
  return Buffer.concat([MULTIHASH_SHA256, hash.digest()]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const fingerprints = new WeakMap<Uint8Array, string>();

/** Returns the fingerprint of a public key in DER, 68 hex characters. Source: admin-api 6. */
export function fingerprint(publicKey: Uint8Array): string {
  const known = fingerprints.get(publicKey);
  if (known !== undefined) return known;
  const made = fingerprintOf(publicKey);
  fingerprints.set(publicKey, made);
  return made;
}

function fingerprintOf(publicKey: Uint8Array): string {
  const der = Buffer.from(publicKey);
  const isEd25519 = der.length === 44 && der.subarray(0, 12).equals(ED25519_PREFIX);
  return multihash(PURPOSE_FINGERPRINT, isEd25519 ? der.subarray(12) : der).toString('hex');
}

/** Returns the hash of a serialized topology transaction, 34 bytes: what gets signed. Source: admin-api 1.3. */
export function transactionHash(bytes: Uint8Array): Buffer {
  return multihash(PURPOSE_TOPOLOGY, bytes);
}

const PURPOSE_MULTI_MEMBER = 34;
const PURPOSE_MULTI = 55;

/** Returns the hash that one signature over several topology transactions signs. Source: networks C. */
export function multiTransactionHash(hashes: readonly Buffer[]): Buffer {
  const sorted = [...hashes].sort((one, other) => one.compare(other));
  const members = sorted.flatMap((hash) => [int32(PURPOSE_MULTI_MEMBER), hash]);
  return multihash(PURPOSE_MULTI, Buffer.concat([int32(sorted.length), ...members]));
}

/** Returns the namespace a set of owners makes together. Source: networks D. */
export function decentralizedNamespace(owners: readonly string[]): string {
  const parts = [...owners].sort().flatMap((owner) => [int32(owner.length), Buffer.from(owner)]);
  return multihash(PURPOSE_DECENTRALIZED_NAMESPACE, Buffer.concat(parts)).toString('hex');
}

/** A key pair in DER: PKCS#8 and SubjectPublicKeyInfo. */
export interface KeyPair {
  readonly privateKey: Buffer;
  readonly publicKey: Buffer;
}

/** Makes a key pair; the same seed text gives the same key. */
export function makeKeyPair(spec: SigningSpec, seed: string): KeyPair {
  const secret = createHash('sha256').update(seed).digest();
  if (spec === 'SIGNING_KEY_SPEC_EC_CURVE25519') return ed25519(secret);
  const privateKey = ecdsa(spec, secret);
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
  };
}

/** By way of JWK, which is several times as fast as DER: a scenario has many external parties. */
function ed25519(secret: Buffer): KeyPair {
  const privateKey = Buffer.concat([ED25519_PRIVATE_PREFIX, secret]);
  const { x = '' } = createPublicKey(privateKeyOf(privateKey)).export({ format: 'jwk' });
  return { privateKey, publicKey: Buffer.concat([ED25519_PREFIX, Buffer.from(x, 'base64url')]) };
}

const CURVES = {
  SIGNING_KEY_SPEC_EC_P256: { name: 'prime256v1', crv: 'P-256', bytes: 32, digest: 'sha256' },
  SIGNING_KEY_SPEC_EC_P384: { name: 'secp384r1', crv: 'P-384', bytes: 48, digest: 'sha384' },
} as const;

type EcdsaSpec = keyof typeof CURVES;

function isEcdsa(spec: string): spec is EcdsaSpec {
  return spec in CURVES;
}

function ecdsa(spec: EcdsaSpec, seed: Buffer): KeyObject {
  const { name, crv, bytes } = CURVES[spec];
  const secret = Buffer.concat([Buffer.alloc(bytes - seed.length), seed]);
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const part = (of: Buffer) => of.toString('base64url');
  const key = {
    kty: 'EC',
    crv,
    d: part(secret),
    x: part(point.subarray(1, 1 + bytes)),
    y: part(point.subarray(1 + bytes)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

/** Returns a public RSA key of 2048 bits that nobody can decrypt for: nothing is ever encrypted here. */
export function rsaPublicKey(seed: string): Buffer {
  const blocks = Array.from({ length: 8 }, (_, n) =>
    createHash('sha256').update(`${seed}/${n}`).digest(),
  );
  const modulus = Buffer.concat(blocks);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[255] = (modulus[255] ?? 0) | 1;
  const key = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  return createPublicKey({ key, format: 'jwk' }).export({ format: 'der', type: 'spki' });
}

const MAX_OPENED = 1_000;
const opened = new Map<string, KeyObject>();

/** Parsing a P-256 key takes longer than signing with it. */
function privateKeyOf(der: Buffer): KeyObject {
  const cacheKey = der.toString('base64');
  const known = opened.get(cacheKey);
  if (known) return known;
  const secret = ed25519Part(der, ED25519_PRIVATE_PREFIX);
  const key = secret
    ? createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: secret, x: '' }, format: 'jwk' })
    : createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  if (opened.size >= MAX_OPENED) opened.clear();
  opened.set(cacheKey, key);
  return key;
}

/** Returns what stands in a DER of an Ed25519 key behind its prefix, for a JWK; undefined for any other key. */
function ed25519Part(der: Buffer, prefix: Buffer): string | undefined {
  const isOne = der.length === prefix.length + 32 && der.subarray(0, prefix.length).equals(prefix);
  return isOne ? der.subarray(prefix.length).toString('base64url') : undefined;
}

/** A private key as PEM, PKCS#8. */
export function pemOf(der: Buffer): string {
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Signs a topology transaction hash the way a key of this kind does. */
export function sign(privateKey: Buffer, spec: string, hash: Buffer, signedBy: string): Signature {
  const key = privateKeyOf(privateKey);
  if (spec === 'SIGNING_KEY_SPEC_EC_CURVE25519') {
    return {
      format: 'SIGNATURE_FORMAT_CONCAT',
      signature: signBytes(null, hash, key),
      signed_by: signedBy,
      signing_algorithm_spec: 'SIGNING_ALGORITHM_SPEC_ED25519',
    };
  }
  if (!isEcdsa(spec)) throw new Error(`a key of ${spec}: the sandbox cannot sign with it`);
  const { digest } = CURVES[spec];
  return {
    format: 'SIGNATURE_FORMAT_DER',
    signature: signBytes(digest, hash, key),
    signed_by: signedBy,
    signing_algorithm_spec: ALGORITHMS[digest],
  };
}

const ALGORITHMS = {
  sha256: 'SIGNING_ALGORITHM_SPEC_EC_DSA_SHA_256',
  sha384: 'SIGNING_ALGORITHM_SPEC_EC_DSA_SHA_384',
} as const;

const imported = new Map<string, KeyObject>();

/** Returns a public key that a client sent; refuses one that is none. The text is not recorded. */
export function checkedKey<K extends { readonly public_key: Buffer }>(key: K): K {
  try {
    keyObject(key);
  } catch {
    throw deserializationFailure(
      'CryptoDeserializationError(DefaultDeserializationError(Failed to deserialize public key))',
    );
  }
  return key;
}

function keyObject({ public_key }: { readonly public_key: Buffer }): KeyObject {
  const cacheKey = public_key.toString('base64');
  const known = imported.get(cacheKey);
  if (known) return known;
  const x = ed25519Part(public_key, ED25519_PREFIX);
  const key =
    x === undefined
      ? createPublicKey({ key: public_key, format: 'der', type: 'spki' })
      : createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (imported.size >= MAX_OPENED) imported.clear();
  imported.set(cacheKey, key);
  return key;
}

/** Signatures found genuine: the node, the synchronizer and the stores ask about the same ones. */
const genuine = new Set<string>();
const MAX_GENUINE = 100_000;

/** Whether a signature over a topology transaction hash was made with this key. */
export function isValid(signature: Signature, publicKey: SigningPublicKey, hash: Buffer): boolean {
  try {
    const cacheKey = publicKey.public_key.toString('base64');
    const key = keyObject(publicKey);
    const checked = `${cacheKey}/${hash.toString('base64')}/${signature.signature.toString('base64')}`;
    if (genuine.has(checked)) return true;
    const { key_spec } = publicKey;
    const digest = isEcdsa(key_spec) ? CURVES[key_spec].digest : 'sha256';
    const isEd25519 = key.asymmetricKeyType === 'ed25519';
    const expected = isEd25519 ? 'SIGNING_ALGORITHM_SPEC_ED25519' : ALGORITHMS[digest];
    if (signature.signing_algorithm_spec !== expected) return false;
    const algorithm = isEd25519 ? null : digest;
    const isGenuine = verifyBytes(algorithm, hash, key, signature.signature);
    if (genuine.size >= MAX_GENUINE) genuine.clear();
    if (isGenuine) genuine.add(checked);
    return isGenuine;
  } catch {
    return false;
  }
}
