import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

import type { Cryptography } from '../../model/approval-signature.js';
import { approvalProblem, peopleNeeded, signedOf } from '../../model/approvals.js';
import { AHEAD_MS, OLDEST_MS, type ApproverAlgorithm } from '../../model/approver.js';
import { refused } from '../../model/failure.js';
import { GATE_OF, type Grounds } from '../../model/gates.js';
import type { ApprovalPolicy } from '../../model/plan.js';
import type { PlannedMemo } from '../../model/planned.js';
import type { Approval } from '../../model/report.js';

/** The act that an approval allows, as Temporal tells it. */
export interface GatedAct {
  activity: string;
  /** Workflow id. */
  migration: string;
  planned: Pick<PlannedMemo, 'planHash' | 'procedure'>;
  /** When the migration began. */
  startedAt: Date;
}

/**
 * Fails unless the gate before an act was opened as this worker's own configuration asks: by signatures of its approvers
 * over this gate, plan and migration, as many as it asks for. Nothing is asked where it lists no approvers, nor of an abort.
 *
 * Fails with `ApprovalNotSigned`, `ApproverUnknown`, `ApprovalSignatureInvalid` or `SecondApproverNeeded`.
 */
export function assertApproved(
  policy: ApprovalPolicy,
  { approvals = [], isTakingBack }: Grounds,
  { activity, migration, planned, startedAt }: GatedAct,
): void {
  const gated = GATE_OF[activity];
  if (!gated) throw new Error(`model/gates.ts has no row for ${activity}, which changes something`);
  if (gated === 'none' || policy.approvers.length === 0) return;
  if (isTakingBack && gated.isAlsoUndo) return;
  const gate = gated[planned.procedure];
  const given = approvals.filter((its) => its.gate === gate);
  const about = { migration, planHash: planned.planHash };
  for (const approval of given) assertSigned(policy, approval, about, startedAt);
  const people = new Set(given.map(({ approver }) => approver)).size;
  const needed = peopleNeeded(policy, gate);
  if (people >= needed) return;
  const type = people === 0 ? 'ApprovalNotSigned' : 'SecondApproverNeeded';
  const found = `found ${people} signed approvals, expected ${needed}`;
  throw refused(type, `${activity} stands behind the gate ${gate}: ${found}`);
}

function assertSigned(
  policy: ApprovalPolicy,
  approval: Approval,
  about: { migration: string; planHash: string },
  startedAt: Date,
): void {
  const { gate, approver, signed } = approval;
  const problem = approvalProblem(policy, signedOf(approval, about), CRYPTOGRAPHY);
  if (problem) throw refused(problem.type, `${gate}: ${problem.message}`);
  // Of an earlier migration of the same nodes, whose plan may have been the same.
  const at = Date.parse(signed!.at);
  if (at >= startedAt.getTime() - OLDEST_MS && at <= Date.now() + AHEAD_MS) return;
  const began = `expected a time since the migration began, ${startedAt.toISOString()}`;
  throw refused('ApprovalExpired', `${gate}: ${approver} signed at ${signed!.at}, ${began}`);
}

/** What Node has of it: another library than the one that the workflow checks with. */
const CRYPTOGRAPHY: Cryptography = {
  fromBase64: (text) => Buffer.from(text, 'base64'),
  hash: (algorithm, bytes) => createHash(algorithm).update(bytes).digest(),
  verify({ algorithm, publicKey, message, signature, encoding }) {
    const key = keyOf(algorithm, publicKey);
    if (algorithm === 'ed25519') return verify(null, message, key, signature);
    const dsaEncoding = encoding === 'der' ? 'der' : 'ieee-p1363';
    return verify('sha256', message, { key, dsaEncoding }, signature);
  },
};

function keyOf(algorithm: ApproverAlgorithm, publicKey: Uint8Array): KeyObject {
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
