import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { approvalText, type Approver, type SignedApproval } from '../../model/approver.js';
import { readPublicKey } from '../../report/public-keys.js';

/** Somebody with a key, as the worker's configuration has them, and what signs for them. */
export interface TestApprover {
  approver: Approver;
  privateKey: KeyObject;
  /** Base64 of what openssl would write. */
  sign: (approval: Omit<SignedApproval, 'approver'>) => string;
}

export function testApprover(name: string, kind: 'ed25519' | 'ecdsa-p256' = 'ed25519'): TestApprover {
  const { privateKey, publicKey } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    approver: { name, ...readPublicKey(pem) },
    privateKey,
    sign: (approval) => {
      const text = Buffer.from(approvalText({ ...approval, approver: name }));
      return sign(kind === 'ed25519' ? null : 'sha256', text, privateKey).toString('base64');
    },
  };
}
