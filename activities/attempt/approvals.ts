import { approvalProblem, peopleNeeded, signedOf } from '../../model/approvals.js';
import { AHEAD_MS, OLDEST_MS } from '../../model/approver.js';
import { refused } from '../../model/failure.js';
import { GATE_OF, type Grounds } from '../../model/gates.js';
import type { ApprovalPolicy } from '../../model/plan.js';
import type { PlannedMemo } from '../../model/planned.js';
import type { Approval } from '../../model/report.js';
import { CRYPTOGRAPHY } from '../../report/cryptography.js';

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
