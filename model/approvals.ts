import { signatureProblem, type Cryptography } from './approval-signature.js';
import type { Approver, SignedApproval } from './approver.js';
import type { Gate } from './phase.js';
import type { ApprovalPolicy } from './plan.js';
import type { Approval } from './report.js';

/** Why an approval does not count: a stable PascalCase name, and what was found and expected. */
export interface ApprovalProblem {
  type: 'ApprovalNotSigned' | 'ApproverUnknown' | 'ApprovalSignatureInvalid';
  message: string;
}

/** How many different people have to approve a gate. */
export function peopleNeeded({ twoPersons }: ApprovalPolicy, gate: Gate): number {
  return twoPersons.includes(gate) ? 2 : 1;
}

/** Whether an approval is one of an approver, with the key that the list has; nothing is wrong if there is no list. */
export function approvalProblem(
  { approvers }: ApprovalPolicy,
  approval: Omit<SignedApproval, 'signedAt'> & { signedAt?: string; signature?: string },
  cryptography: Cryptography,
): ApprovalProblem | undefined {
  if (approvers.length === 0) return undefined;
  const { signature, signedAt, ...its } = approval;
  const known = approvers.find(({ name }) => name === its.approver);
  if (!known) {
    const names = approvers.map(({ name }) => name).join(', ');
    const message = `approver: found ${its.approver}, expected one of the worker's configuration: ${names}`;
    return { type: 'ApproverUnknown', message };
  }
  if (signature === undefined || signedAt === undefined) {
    const message = `signature: found none, expected one of ${its.approver}'s key ${known.fingerprint}`;
    return { type: 'ApprovalNotSigned', message };
  }
  const problem = signatureProblem({ ...its, signedAt }, signature, known, cryptography);
  if (problem === undefined) return undefined;
  return { type: 'ApprovalSignatureInvalid', message: `signature: ${problem}` };
}

/** What an approver signed, of an approval as a migration keeps it. */
export function signedOf(
  { gate, approver, evidence, waiver, signed }: Approval,
  about: { migration: string; planHash: string },
) {
  return {
    ...about,
    gate,
    approver,
    ...(signed && { signedAt: signed.at, signature: signed.signature }),
    ...(evidence !== undefined && { evidence }),
    ...(waiver !== undefined && { waiver }),
  };
}

/** `Ada Lovelace (SHA256:...)`. */
export function describeApprover({ name, fingerprint }: Approver): string {
  return `${name} (${fingerprint})`;
}
