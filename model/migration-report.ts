import { differencesWithin, linesWithin, withinBytes } from './bounds.js';
import { leftToDo } from './left-to-do.js';
import type { Migration } from './migration.js';
import { partiesStatusOf } from './parties-status.js';
import type { MigrationReport, RecordedSignature, Verification } from './report.js';

/** Of a list of the report, as JSON: whatever a migration is about, the whole report stays below 100 kB. */
const LIST_BYTES = 6_000;
const CHANGED_BYTES = 2_000;
const DIFFERENCES_BYTES = 12_000;

/** What is told at the end of a migration that went well; `signatures` are those that were handed in. */
export function reportOf(migration: Migration, signatures: RecordedSignature[]): MigrationReport {
  const { plan, hash } = migration.hashed!;
  const { hostings } = migration;
  const shown = withinBytes(signatures, LIST_BYTES);
  return {
    outcome: 'migrated',
    sourceUid: plan.source.uid,
    targetUid: plan.target.uid,
    planHash: hash,
    parties: partiesStatusOf(plan, 'moved'),
    phases: migration.phases.map(({ phase, changed, workedMs, waitedMs }) => ({
      phase,
      changed: linesWithin(changed, CHANGED_BYTES),
      workedMs,
      waitedMs,
    })),
    approvals: withinBytes(migration.approvals, LIST_BYTES),
    approvers: plan.approval.approvers.length > 0 ? 'signed' : 'taken-as-given',
    signatures: shown,
    ...(hostings && { hostings: { counts: hostings.counts, signatures: hostings.signatures } }),
    ...(shown.length < signatures.length && { signatureCount: signatures.length }),
    verification: reportedVerification(migration.verification!),
    leftToDo: leftToDo(plan, migration.live),
  };
}

function reportedVerification(found: Verification): Verification {
  const { unequalParties, differences, packages, elsewhere } = found;
  return {
    ...found,
    unequalParties: withinBytes(unequalParties, LIST_BYTES),
    packages: withinBytes(packages, LIST_BYTES),
    differences: differencesWithin(differences, DIFFERENCES_BYTES),
    ...(elsewhere && { elsewhere: withinBytes(elsewhere, LIST_BYTES) }),
  };
}
