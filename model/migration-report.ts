import { differencesWithin, linesWithin, withinBytes } from './bounds.js';
import { leftToDo } from './left-to-do.js';
import { isStored, type Listed } from './listed.js';
import type { Migration } from './migration.js';
import { partiesStatusOf } from './parties-status.js';
import type {
  MigrationReport,
  PartyComparison,
  RecordedSignature,
  ReportedVerification,
  Verification,
} from './report.js';

/** Of a list of the report, as JSON: whatever a migration is about, the whole report stays below 100 kB. */
const LIST_BYTES = 6_000;
const CHANGED_BYTES = 2_000;
const DIFFERENCES_BYTES = 12_000;
const PARTIES_BYTES = 20_000;

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
    parties: partiesStatusOf(plan),
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

type Compared = Omit<Verification, 'parties'> & { parties: Listed<PartyComparison> };

function reportedVerification({ parties, ...verification }: Compared): ReportedVerification {
  const { differences, packages, elsewhere } = verification;
  return {
    ...verification,
    ...partiesOf(parties),
    packages: withinBytes(packages, LIST_BYTES),
    differences: differencesWithin(differences, DIFFERENCES_BYTES),
    ...(elsewhere && { elsewhere: withinBytes(elsewhere, LIST_BYTES) }),
  };
}

function partiesOf(list: Listed<PartyComparison>): Pick<ReportedVerification, 'parties' | 'partyCount'> {
  if (isStored(list)) return { parties: [], partyCount: list.count };
  const all = withinBytes(list, PARTIES_BYTES);
  if (all.length === list.length) return { parties: all };
  const ordered = [...list].sort((a, b) => Number(a.isEqual) - Number(b.isEqual));
  return { parties: withinBytes(ordered, PARTIES_BYTES), partyCount: list.length };
}
