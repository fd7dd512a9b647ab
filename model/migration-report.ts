import { differencesWithin, linesWithin, withinBytes } from './bounds.js';
import { comparedSincePlan } from './contract-numbers.js';
import { downtimeOf } from './downtime.js';
import { leftToDo } from './left-to-do.js';
import type { Migration } from './migration.js';
import { nextStepOf } from './next-step.js';
import { routeInWords } from './plan.js';
import { partiesStatusOf } from './parties-status.js';
import type { Phase } from './phase.js';
import type {
  AbortPreview,
  Explained,
  MigrationReport,
  RecordedSignature,
  RunReport,
  Verification,
  WithdrawalReport,
} from './report.js';

/** Of a list of the report, as JSON: whatever a migration is about, the whole report stays below 100 kB. */
const LIST_BYTES = 6_000;
const CHANGED_BYTES = 2_000;
const DIFFERENCES_BYTES = 12_000;

/** What is told at the end of a migration that went well; `signatures` are those that were handed in. */
export function reportOf(migration: Migration, signatures: RecordedSignature[]): MigrationReport {
  const verification = reportedVerification(migration.verification!);
  return {
    ...toldOf(migration, signatures),
    ...countedOf(migration),
    ...{ outcome: 'migrated', verification },
  };
}

/** What is told of a migration that is under way or was aborted; nothing before there is a plan. */
export function reportSoFar(
  migration: Migration,
  signatures: RecordedSignature[],
): RunReport | undefined {
  if (!migration.hashed || migration.delegatedTo !== undefined) return undefined;
  const { verification, lastFailure, withdrawal, state, stage } = migration;
  const isAborted = state === 'aborted';
  return {
    ...toldOf(migration, signatures),
    outcome: isAborted ? 'aborted' : 'unfinished',
    ...(verification && { verification: reportedVerification(verification) }),
    ...countedOf(migration),
    ...(isAborted ? {} : { standing: { state, stage, next: nextStepOf(migration) }, leftToDo: [] }),
    ...(withdrawal && { withdrawal: withdrawalWithin(withdrawal), leftToDo: [] }),
    ...(lastFailure && { lastFailure }),
  };
}

function countedOf({ hashed, verification }: Migration): Pick<RunReport, 'sincePlan'> {
  if (!hashed || !verification?.isEqual) return {};
  const why = comparedSincePlan(hashed.plan, verification);
  return why === undefined ? {} : { sincePlan: why };
}

/** What an abort would take back of these phases, and what would stay. */
export function abortPreviewOf(
  { phases }: Migration,
  its: { phases: readonly Phase[]; stays: readonly Explained[] },
): AbortPreview {
  const takenBack = phases
    .filter(({ phase }) => its.phases.includes(phase))
    .map(({ phase, changed }) => ({ phase, changed: linesWithin(changed, CHANGED_BYTES) }));
  return { takenBack, stays: withinBytes(its.stays, LIST_BYTES) };
}

/** What is told of every migration. */
function toldOf(
  migration: Migration,
  signatures: RecordedSignature[],
): Omit<RunReport, 'outcome' | 'verification'> {
  const { plan, hash } = migration.hashed!;
  const { hostings, timeline } = migration;
  const shown = withinBytes(signatures, LIST_BYTES);
  const downtime = downtimeOf(migration);
  return {
    workflowId: migration.workflowId,
    sourceUid: plan.source.uid,
    targetUid: plan.target.uid,
    planHash: hash,
    names: { source: plan.source.name, target: plan.target.name },
    route: routeInWords(plan),
    begunAt: new Date(timeline.spans[0]?.from ?? 0).toISOString(),
    timeline,
    ...(downtime && { downtime }),
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
    leftToDo: leftToDo(plan, migration.live),
  };
}

function withdrawalWithin({ withdrawn, stays, checked, ...its }: WithdrawalReport): WithdrawalReport {
  return {
    ...its,
    withdrawn: linesWithin(withdrawn, LIST_BYTES),
    stays: withinBytes(stays, LIST_BYTES),
    checked: linesWithin(checked, LIST_BYTES),
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
