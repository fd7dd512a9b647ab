import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';

import type { MigrationClient } from '../../client/index.js';
import { linesToSign, type LineToSign } from '../../client/lines-to-sign.js';
import type { HandedIn, ProvideSignatureInput, SignatureToProvide } from '../../model/ceremony.js';

const DIGESTS = { ED25519: null, EC_DSA_SHA_256: 'sha256', EC_DSA_SHA_384: 'sha384' } as const;

/** What the operator does where the key is. */
export function signatureOf(wanted: SignatureToProvide, pem: string): ProvideSignatureInput {
  const { hash, signedBy, algorithm, toSign } = wanted;
  const message = Buffer.from(toSign.base64, 'base64');
  const signature = sign(DIGESTS[algorithm], message, createPrivateKey(pem)).toString('base64');
  return { hash, signedBy, algorithm, signature, by: 'keeper' };
}

/** Everything that the gate waits for, of one key. */
export async function requiredLines(client: MigrationClient, id: string): Promise<LineToSign[]> {
  return [...linesToSign(await client.signaturesToProvide(id))].filter(({ isRequired }) => isRequired);
}

export function signedLine({ hash, algorithm, toSign }: LineToSign, pem: string): HandedIn {
  const message = Buffer.from(toSign, 'base64');
  const signature = sign(DIGESTS[algorithm], message, createPrivateKey(pem)).toString('base64');
  return { hash, signature };
}

/** Signs what the gate waits for with one key, and hands it in. */
export async function handInAll(client: MigrationClient, id: string, pem: string): Promise<void> {
  const lines = await requiredLines(client, id);
  const signatures = lines.map((line) => signedLine(line, pem));
  const { refused } = await client.provideSignatures(id, { signatures, by: 'keeper' });
  assert.deepEqual(refused, []);
}
