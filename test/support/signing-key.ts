import { createPublicKey, generateKeyPairSync } from 'node:crypto';

import type { SigningKey } from '../../report/seal.js';
import { fingerprintOf } from '../../report/verify.js';

/** A key that signs reports, and its public half as a file has it. */
export function testSigningKey(): { key: SigningKey; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { key: { key: privateKey, fingerprint: fingerprintOf(privateKey) }, publicKey };
}
