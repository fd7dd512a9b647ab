import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

import { readSshKey, sshKey } from '../model/approval-signature.js';
import type { Approver } from '../model/approver.js';

const EXPECTED =
  'expected a public key of Ed25519 or ECDSA P-256: PEM (openssl pkey -pubout), or a line of OpenSSH (ssh-ed25519 AAAA...)';

/** A public key as approvals and reports are checked with it. Fails with what was found and expected; never quotes what may be private. */
export function readPublicKey(text: string): Omit<Approver, 'name'> {
  const { algorithm, publicKey } = text.includes('-----BEGIN') ? ofPem(text) : ofOpenSsh(text);
  const digest = createHash('sha256').update(sshKey(algorithm, publicKey)).digest('base64');
  return {
    algorithm,
    publicKey: Buffer.from(publicKey).toString('base64'),
    fingerprint: `SHA256:${digest.replace(/=+$/, '')}`,
  };
}

function ofPem(text: string): Pick<Approver, 'algorithm'> & { publicKey: Uint8Array } {
  if (text.includes('PRIVATE KEY')) throw new Error(`found a private key, ${EXPECTED}`);
  const { kty, crv, x = '', y = '' } = publicKeyOf(text).export({ format: 'jwk' });
  const bytes = (...parts: string[]) => parts.map((part) => Buffer.from(part, 'base64url'));
  if (kty === 'OKP' && crv === 'Ed25519') return { algorithm: 'ed25519', publicKey: bytes(x)[0]! };
  if (kty === 'EC' && crv === 'P-256')
    return { algorithm: 'ecdsa-p256', publicKey: Buffer.concat([Buffer.of(4), ...bytes(x, y)]) };
  throw new Error(`found a key of another kind, ${EXPECTED}`);
}

function publicKeyOf(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch {
    throw new Error(`found PEM that is not a public key, ${EXPECTED}`);
  }
}

function ofOpenSsh(text: string): Pick<Approver, 'algorithm'> & { publicKey: Uint8Array } {
  const [, blob = ''] = text.trim().split(/\s+/);
  const found = tried(() => readSshKey(Buffer.from(blob, 'base64')));
  const length = found?.algorithm === 'ed25519' ? 32 : 65;
  if (!found || found.publicKey.length !== length) throw new Error(`found other text, ${EXPECTED}`);
  return found;
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
