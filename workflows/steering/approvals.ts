import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/nist';
import { sha256, sha512 } from '@noble/hashes/sha2';
import { base64 } from '@scure/base';

import type { Cryptography } from '../../model/approval-signature.js';
import { approvalProblem, peopleNeeded } from '../../model/approvals.js';
import { timeProblem } from '../../model/approver.js';
import type { Migration } from '../../model/migration.js';
import type { Approval } from '../../model/report.js';
import type { ApproveInput } from '../../model/steering.js';
import { rejection } from './edge.js';

/**
 * What an approval has to be by the plan: of an approver, signed just now, by another person than before. Comes after
 * the shape of the input was checked, and at a gate that is open.
 */
export function refuseUnsigned({ workflowId, hashed, approvals }: Migration, input: ApproveInput): void {
  const { approval: policy } = hashed!.plan;
  const { gate, planHash, approver, evidence, waiver, signedAt, signature } = input;
  for (const [field, value] of [
    ['signedAt', signedAt],
    ['signature', signature],
  ] as const) {
    if (value !== undefined && (typeof value !== 'string' || value.length > LONGEST))
      throw rejection('InputInvalid', `${field}: expected text of at most ${LONGEST} characters`);
    if (value !== undefined && policy.approvers.length === 0)
      throw rejection(
        'InputInvalid',
        `${field}: the worker's configuration lists no approvers, so nothing could check it: leave it out`,
      );
  }
  const signed = {
    ...{ migration: workflowId, gate, planHash, approver },
    ...(evidence !== undefined && { evidence }),
    ...(waiver !== undefined && { waiver }),
    ...(signedAt !== undefined && { signedAt }),
    ...(signature !== undefined && { signature }),
  };
  const problem = approvalProblem(policy, signed, CRYPTOGRAPHY);
  if (problem) throw rejection(problem.type, problem.message);
  const late = signature !== undefined && timeProblem(signedAt!, Date.now());
  if (late) throw rejection('ApprovalExpired', `signedAt: found ${signedAt}, ${late}`);
  const others = approvals.filter((its) => its.gate === gate);
  const isSame = others.some((its) => its.approver.trim() === approver.trim());
  if (isSame && peopleNeeded(policy, gate) > 1) {
    throw rejection(
      'SecondApproverNeeded',
      `${approver} approved already: the worker's configuration asks for another person`,
    );
  }
}

/** An approval as the report keeps it. */
export function approvalOf({ hashed }: Migration, input: ApproveInput): Approval {
  const { gate, approver, evidence, waiver, signedAt: at, signature } = input;
  const known = hashed?.plan.approval.approvers.find(({ name }) => name === approver);
  return {
    gate,
    approver,
    ...(evidence && { evidence }),
    ...(waiver && { waiver }),
    approvedAt: new Date().toISOString(),
    ...(known &&
      at !== undefined &&
      signature !== undefined && {
        signed: { at, signature, fingerprint: known.fingerprint },
      }),
  };
}

/** A signature of ssh-keygen has some 300 characters. */
const LONGEST = 2_000;

/** What a workflow can have of it: no library that reaches Node. */
const CRYPTOGRAPHY: Cryptography = {
  fromBase64: (text) => base64.decode(text),
  hash: (algorithm, bytes) => (algorithm === 'sha256' ? sha256(bytes) : sha512(bytes)),
  verify({ algorithm, publicKey, message, signature, encoding }) {
    if (algorithm === 'ed25519') return ed25519.verify(signature, message, publicKey);
    // What openssl and OpenSSH make is not normalised to the lower half.
    const options = { prehash: true, lowS: false, format: encoding } as const;
    return p256.verify(signature, message, publicKey, options);
  },
};
