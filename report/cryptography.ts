import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

import type { Cryptography } from '../model/approval-signature.js';
import type { ApproverAlgorithm } from '../model/approver.js';

/** What Node has of it: another library than the one that the workflow checks with. */
export const CRYPTOGRAPHY: Cryptography = {
  fromBase64: (text) => Buffer.from(text, 'base64'),
  hash: (algorithm, bytes) => createHash(algorithm).update(bytes).digest(),
  verify({ algorithm, publicKey, message, signature, encoding }) {
    const key = keyOf(algorithm, publicKey);
    if (algorithm === 'ed25519') return verify(null, message, key, signature);
    const dsaEncoding = encoding === 'der' ? 'der' : 'ieee-p1363';
    return verify('sha256', message, { key, dsaEncoding }, signature);
  },
};

/** A public key of the model as Node has it. */
export function keyOf(algorithm: ApproverAlgorithm, publicKey: Uint8Array): KeyObject {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  const jwk =
    algorithm === 'ed25519'
      ? { kty: 'OKP', crv: 'Ed25519', x: text(publicKey) }
      : {
          kty: 'EC',
          crv: 'P-256',
          x: text(publicKey.subarray(1, 33)),
          y: text(publicKey.subarray(33)),
        };
  return createPublicKey({ key: jwk, format: 'jwk' });
}
