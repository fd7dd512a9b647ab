import { createHash } from 'node:crypto';

import { CryptoKeyFormat } from './gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';

// DER of SubjectPublicKeyInfo for Ed25519, up to the 32 bytes of the key.
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_BYTES = ED25519_PREFIX.length + 32;
// Purpose of the hash, "PublicKeyFingerprint", as a big-endian int32.
const PURPOSE = Buffer.from([0, 0, 0, 12]);

/**
 * Returns the fingerprint of a public key: 68 hex characters, a SHA-256 multihash.
 *
 * An Ed25519 key is hashed without its DER frame, every other key as stored. Source: admin-api 6.
 */
export function fingerprintOf(key: { format: CryptoKeyFormat; publicKey: Uint8Array }): string {
  const hash = createHash('sha256').update(PURPOSE).update(hashedPart(key));
  return `1220${hash.digest('hex')}`;
}

/** The same of a key as {@link framedKey} returns it. */
export function fingerprintOfFramed(publicKey: Uint8Array): string {
  return fingerprintOf({ format: CryptoKeyFormat.DER_X509_SUBJECT_PUBLIC_KEY_INFO, publicKey });
}

/** Returns a public key as DER of SubjectPublicKeyInfo, also one of Ed25519 that was given without its frame. */
export function framedKey({ publicKey }: { publicKey: Uint8Array }): Uint8Array {
  const isBare = publicKey.length === ED25519_BYTES - ED25519_PREFIX.length;
  return isBare ? Buffer.concat([ED25519_PREFIX, publicKey]) : publicKey;
}

function hashedPart({
  format,
  publicKey,
}: {
  format: CryptoKeyFormat;
  publicKey: Uint8Array;
}): Uint8Array {
  const isFramed = format === CryptoKeyFormat.DER_X509_SUBJECT_PUBLIC_KEY_INFO;
  const isEd25519 =
    publicKey.length === ED25519_BYTES &&
    ED25519_PREFIX.equals(publicKey.subarray(0, ED25519_PREFIX.length));
  return isFramed && isEd25519 ? publicKey.subarray(ED25519_PREFIX.length) : publicKey;
}
