import { fromBinary } from '@bufbuild/protobuf';

import type { PublicSigningKey } from '../../model/participant.js';
import { fingerprintOf, framedKey } from '../fingerprint.js';
import {
  SigningKeySpec,
  SigningKeysWithThresholdSchema,
  type SigningPublicKey,
} from '../gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';

/** Returns the keys of its own that the mapping of a party names: base64 of SigningKeysWithThreshold. */
export function partyKeysIn(signingKeys: string): PublicSigningKey[] {
  const { keys } = fromBinary(SigningKeysWithThresholdSchema, Buffer.from(signingKeys, 'base64'));
  return keys.map(toPublicKey);
}

/** Returns how many of these keys have to sign. */
export function keyThresholdIn(signingKeys: string): number {
  return fromBinary(SigningKeysWithThresholdSchema, Buffer.from(signingKeys, 'base64')).threshold;
}

/** Whether two mappings name the same keys, in whatever order, of which the same number signs. */
export function isSameKeys(one: string, other: string | undefined): boolean {
  return one === other || (other !== undefined && contentOf(one) === contentOf(other));
}

function contentOf(signingKeys: string): string {
  const bytes = Buffer.from(signingKeys, 'base64');
  const { keys, threshold } = fromBinary(SigningKeysWithThresholdSchema, bytes);
  return `${threshold} of ${keys.map(fingerprintOf).sort().join()}`;
}

/** Returns a public key as plain data. */
export function toPublicKey(key: SigningPublicKey): PublicSigningKey {
  return {
    fingerprint: fingerprintOf(key),
    spec: SigningKeySpec[key.keySpec] ?? `${key.keySpec}`,
    publicKey: Buffer.from(framedKey(key)).toString('base64'),
  };
}
