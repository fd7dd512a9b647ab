import type { MigrationReport, Verification } from '../../model/report.js';
import { count, counted, duration, indent, shortId, table, type Style } from './style.js';

/** The outcome: per phase what changed and how long it took, per party the proof. */
export function renderReport(report: MigrationReport, style: Style): string {
  const phases = report.phases.map(({ phase, durationMs, changed }) => [
    phase,
    duration(durationMs),
    changed.map(shortId).join('\n') || 'nothing, it was there already',
  ]);
  const approvals = report.approvals.map(
    ({ gate, approver, approvedAt }) => `${gate} approved by ${approver} at ${approvedAt}`,
  );
  return [
    style.good(style.bold(`Migrated ${shortId(report.sourceUid)} to ${shortId(report.targetUid)}`)),
    table(style, ['phase', 'took', 'changed'], phases),
    renderVerification(report.verification, style),
    approvals.join('\n'),
    `Plan hash ${report.planHash}`,
  ].join('\n\n');
}

function kindsOf({ totals: { missing, extra, different } }: Verification): string {
  return `${count(missing)} missing, ${count(extra)} extra, ${count(different)} different`;
}

/** The comparison of the contracts on both nodes, with every difference that is known by name. */
export function renderVerification(verification: Verification, style: Style): string {
  const rows = verification.parties.map(({ party, source, target, isEqual }) => [
    shortId(party),
    source.contractCount,
    target.contractCount,
    isEqual ? style.good('equal') : style.bad('different'),
  ]);
  const title = verification.isEqual
    ? style.good(
        `${counted(verification.contractCount, 'contract')}, equal on both nodes at ${verification.verifiedAt}`,
      )
    : style.bad(
        `${counted(verification.differenceCount, 'contract')} not the same on both nodes: ${kindsOf(verification)}`,
      );
  const differences = verification.differences.map(
    ({ kind, contractId, parties }) =>
      `${kind} on the target: ${contractId} (${parties.map(shortId).join(', ')})`,
  );
  const hidden = verification.differenceCount - differences.length;
  return [
    title,
    table(style, ['party', 'on source', 'on target', 'digest'], rows),
    ...(differences.length > 0 ? [indent(differences.join('\n'))] : []),
    ...(hidden > 0 ? [`  ... and ${count(hidden)} more`] : []),
  ].join('\n');
}
