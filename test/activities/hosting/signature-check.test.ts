import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import test from 'node:test';

import { signatureProblem } from '../../../activities/hosting/signature-check.js';
import { algorithmOf, type HostingRequest } from '../../../model/ceremony.js';

const KEYS: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  EC_CURVE25519: () => generateKeyPairSync('ed25519'),
  EC_P256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EC_P384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  // Read as any other DER, though no key of it is asked to sign.
  EC_SECP256K1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
};
const DIGESTS = { ED25519: null, EC_DSA_SHA_256: 'sha256', EC_DSA_SHA_384: 'sha384' };
const HASH = `1220${'ab'.repeat(32)}`;

for (const [spec, generate] of Object.entries(KEYS)) {
  test(`signature check: a signature of ${spec} is taken, one of another key or text is not`, async () => {
    const algorithm = algorithmOf(spec);
    const { publicKey, privateKey } = generate();
    const signed = (by: KeyObject, hash = HASH) => ({
      hash: HASH,
      signature: sign(DIGESTS[algorithm], Buffer.from(hash, 'hex'), by).toString('base64'),
    });
    const der = publicKey.export({ format: 'der', type: 'spki' });
    const request: HostingRequest = {
      ...{ hash: HASH, namespace: 'n', algorithm, isRequired: true, transactions: [] },
      key: { fingerprint: 'f', spec, publicKey: der.toString('base64') },
    };

    assert.equal(await signatureProblem(request, signed(privateKey)), undefined);
    const others = [signed(generate().privateKey), signed(privateKey, `1220${'cd'.repeat(32)}`)];
    for (const other of others)
      assert.equal((await signatureProblem(request, other))?.type, 'SignatureWrong');
  });
}
