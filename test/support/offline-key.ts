import { createPrivateKey, sign } from 'node:crypto';

import type { ProvideSignatureInput, SignatureToProvide } from '../../model/ceremony.js';

const DIGESTS = { ED25519: null, EC_DSA_SHA_256: 'sha256', EC_DSA_SHA_384: 'sha384' } as const;

/** What the operator does where the key is. */
export function signatureOf(wanted: SignatureToProvide, pem: string): ProvideSignatureInput {
  const { hash, signedBy, algorithm, toSign } = wanted;
  const message = Buffer.from(toSign.base64, 'base64');
  const signature = sign(DIGESTS[algorithm], message, createPrivateKey(pem)).toString('base64');
  return { hash, signedBy, algorithm, signature, by: 'keeper' };
}
