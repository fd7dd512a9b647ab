import { createHash } from 'node:crypto';

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

import type { PublicSigningKey } from '../../model/participant.js';
import { framedKey } from '../fingerprint.js';
import {
  CryptoKeyFormat,
  SigningKeyScheme,
  type SigningPublicKey,
} from '../gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';

/** As Canton 3 calls them. */
const SPECS: ReadonlyMap<SigningKeyScheme, string> = new Map([
  [SigningKeyScheme.Ed25519, 'EC_CURVE25519'],
  [SigningKeyScheme.EcDsaP256, 'EC_P256'],
  [SigningKeyScheme.EcDsaP384, 'EC_P384'],
]);

/** Returns the spec of a signing key; one that this client does not know is shown as Canton calls it. */
export function specOf(scheme: SigningKeyScheme): string {
  return SPECS.get(scheme) ?? SigningKeyScheme[scheme] ?? `${scheme as number}`;
}

// Purpose of the hash, "PublicKeyFingerprint", as a big-endian int32.
const PURPOSE = Buffer.from([0, 0, 0, 12]);

/** Whether a key has the fingerprint that it gives as its id. Of one in DER or raw, which bytes are hashed is not known. */
export function hasOwnId({ id, format, publicKey }: SigningPublicKey): boolean {
  if (format !== CryptoKeyFormat.Tink) return true;
  const value = tinkValueOf(publicKey);
  if (!value) return false;
  return `1220${createHash('sha256').update(PURPOSE).update(value).digest('hex')}` === id;
}

/** Returns a public key as plain data; nothing if it is in none of the forms that are known. */
export function toPublicKey(key: SigningPublicKey): PublicSigningKey | undefined {
  const der = key.format === CryptoKeyFormat.Tink ? derOfTink(key) : framedKey(key);
  if (!der) return undefined;
  const publicKey = Buffer.from(der).toString('base64');
  return { fingerprint: key.id, spec: specOf(key.scheme), publicKey };
}

/** Of DER of SubjectPublicKeyInfo, up to the two coordinates; how long one of these is. */
const CURVES: ReadonlyMap<SigningKeyScheme, { frame: string; size: number }> = new Map([
  [
    SigningKeyScheme.EcDsaP256,
    { frame: '3059301306072a8648ce3d020106082a8648ce3d03010703420004', size: 32 },
  ],
  [SigningKeyScheme.EcDsaP384, { frame: '3076301006072a8648ce3d020106052b8104002203620004', size: 48 }],
]);

function derOfTink({ publicKey, scheme }: SigningPublicKey): Uint8Array | undefined {
  const value = tinkValueOf(publicKey);
  if (!value) return undefined;
  if (scheme === SigningKeyScheme.Ed25519) {
    const bare = fieldOf(value, 2);
    return bare && framedKey({ publicKey: bare });
  }
  const curve = CURVES.get(scheme);
  const [x, y] = [fieldOf(value, 3), fieldOf(value, 4)];
  if (!curve || !x || !y) return undefined;
  const coordinates = [x, y].map((its) => coordinateOf(its, curve.size));
  return Buffer.concat([Buffer.from(curve.frame, 'hex'), ...coordinates]);
}

/** A number without leading zeros, or with one, as many bytes as the curve has. */
function coordinateOf(number: Uint8Array, size: number): Buffer {
  const digits = Buffer.from(number)
    .toString('hex')
    .replace(/^(00)+/, '');
  return Buffer.from(digits.padStart(2 * size, '0'), 'hex');
}

/** The value of the first key of a Tink keyset: `Keyset.key.key_data.value`. */
function tinkValueOf(keyset: Uint8Array): Uint8Array | undefined {
  return [2, 1, 2].reduce<Uint8Array | undefined>((its, field) => its && fieldOf(its, field), keyset);
}

/** The first field of a message that has this number and is bytes; nothing if there is none, or it is no message. */
function fieldOf(message: Uint8Array, wanted: number): Uint8Array | undefined {
  try {
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (number === wanted && wireType === WireType.LengthDelimited) return reader.bytes();
      reader.skip(wireType, number);
    }
  } catch {
    // Whoever asks says that it cannot be read.
  }
  return undefined;
}
