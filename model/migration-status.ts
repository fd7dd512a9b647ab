import { differencesWithin, linesWithin, withinBytes } from './bounds.js';
import { count, counted } from './count.js';
import { describeClaim } from './claim.js';
import { signatureToProvide, type SignatureRequest, type SignatureToProvide } from './ceremony.js';
import { comparedSincePlan, importedSincePlan, sincePlan } from './contract-numbers.js';
import { cureOf, type FailureType } from './cures.js';
import type { DifferencesReading } from './differences.js';
import { gateSummaryOf, statementOf } from './gate-summary.js';
import { isCopied, liveStatusOf } from './live.js';
import { approvalsNeeded, phaseOf, type Migration } from './migration.js';
import { nextStepOf } from './next-step.js';
import { partiesStatusOf, type PartiesStatus } from './parties-status.js';
import { GATES, type Gate } from './phase.js';
import { isLive, isReverse } from './plan.js';
import type { Approval, Explained, Verification, WithdrawalReport } from './report.js';
import { describeWatch } from './source-watch.js';
import { readStarted } from './started.js';
import type { MigrationStatus, WarmCopyStatus } from './steering.js';
import { warmFreezeSeconds } from './transfer-cost.js';

/** Of a list in the status, bytes as JSON: whatever a migration is about, the whole status stays below 100 kB. */
const LIST_BYTES = 4_000;
const CHANGED_BYTES = 1_200;
const DIFFERENCES_BYTES = 12_000;
const SIGNATURES_BYTES = 20_000;
const SIGNATURES_SHOWN = 100;
/** Of the catch-ups, the last ones. */
const CATCH_UPS_SHOWN = 20;
/** Of each difference since the plan. */
const NAMED_BYTES = 600;

/** What operators are told about a migration; pure, so that a query can answer with it at any time. */
export function statusOf(given: Migration): MigrationStatus {
  const migration = given.isReset ? asReset(given) : given;
  const { hashed, gate, transfer, verification, lastFailure, withdrawal } = migration;
  return {
    state: migration.state,
    stage: migration.stage,
    summary: summaryOf(migration),
    next: nextStepOf(migration),
    workflowId: migration.workflowId,
    ...namesOf(migration),
    ...(migration.startedBy !== undefined && { startedBy: migration.startedBy }),
    ...(migration.pausedBy !== undefined && { pausedBy: migration.pausedBy }),
    ...(gate && migration.gateSince !== undefined && { gateSince: migration.gateSince }),
    ...(hashed && {
      sourceUid: hashed.plan.source.uid,
      targetUid: hashed.plan.target.uid,
      planHash: hashed.hash,
      parties: partiesStatusOf(hashed.plan, outcomeOf(migration)),
    }),
    ...(gate && { gate: openGateOf(gate, migration) }),
    ...(gate && migration.differences && { differences: inShort(migration.differences) }),
    ...(gate &&
      approvalsNeeded(migration, gate) > 1 && {
        approvalsNeeded: approvalsNeeded(migration, gate),
      }),
    ...(gate === 'root-key' && signaturesOf(migration)),
    ...(migration.hostings && isSigning(migration) && { hostings: migration.hostings.counts }),
    phases: migration.phases.map(({ changed, ...phase }) => ({
      ...phase,
      changed: linesWithin(changed, CHANGED_BYTES),
    })),
    steps: migration.steps,
    // What was imported was purged again.
    ...(migration.state !== 'aborted' && contractsOf(migration)),
    ...(transfer.copyOffset !== undefined && { tuning: migration.tuning }),
    ...(transfer.caughtUpOffset !== undefined && { warmCopy: warmCopyOf(migration) }),
    ...(transfer.awaited && transfer.awaited.parties > 0 && { awaited: transfer.awaited }),
    ...liveOf(migration),
    ...(verification && { verification: verificationOf(migration, verification) }),
    isPastPointOfNoReturn: migration.isPastPointOfNoReturn,
    approvals: lastOf(migration.approvals),
    ...(lastFailure && { lastFailure }),
    ...(migration.firstFailure && { firstFailure: migration.firstFailure }),
    ...(migration.retryAt !== undefined && { retryAt: migration.retryAt }),
    ...(withdrawal && { withdrawal: withdrawalInShort(withdrawal) }),
    ...(migration.watch?.status && { watch: migration.watch.status }),
    ...(migration.report?.closedBy !== undefined && { closedBy: migration.report.closedBy }),
    ...(migration.droppedSignals !== undefined && { droppedSignals: migration.droppedSignals }),
  };
}

/** A request that is none may have anything there. */
function namesOf({ request }: Migration): Pick<MigrationStatus, 'sourceName' | 'targetName'> {
  const { source, target } = readStarted(request) ?? {};
  return source === undefined || target === undefined ? {} : { sourceName: source, targetName: target };
}

/** What a run that Temporal's Reset began repeats of another one says nothing of how the migration stands. */
function asReset(given: Migration): Migration {
  const migration = { ...given };
  for (const passing of ['gate', 'retryAt', 'hold'] as const) delete migration[passing];
  const type: FailureType = 'RunReset';
  const message = "this run was begun by Temporal's Reset, and is finding out what was done before it";
  const lastFailure = {
    stage: migration.stage,
    kind: 'refused' as const,
    type,
    message,
    cure: cureOf(type),
  };
  return { ...migration, state: 'stopped', isPaused: false, lastFailure };
}

/** What became of the parties, once it is certain. */
function outcomeOf({ state }: Migration): PartiesStatus['outcome'] {
  if (state === 'watching' || state === 'migrated') return 'moved';
  return state === 'aborted' ? 'not moved' : undefined;
}

/** While somebody might hand in signatures: at the gate, where some are missing, and until enough owners have signed. */
function isSigning(migration: Migration): boolean {
  const { gate, hostings, isPastPointOfNoReturn, isWithdrawing } = migration;
  if (isWithdrawing || !hostings) return false;
  const { missing, given, requests } = hostings.counts;
  if (gate === 'root-key' || missing > 0) return true;
  return given < requests && !isPastPointOfNoReturn && !isHosted(migration);
}

/** Whether the hosting of the parties took effect: a signature that was not given until then was not needed. */
function isHosted(migration: Migration): boolean {
  const { hashed, transfer, live } = migration;
  const { parties: awaited = 0 } = live?.awaited ?? transfer.awaited ?? {};
  // One that was parked hosts the parties after the cut-over.
  if (!hashed || isReverse(hashed.plan) || awaited > 0) return false;
  return phaseOf(migration, 'recreate-parties').state === 'done';
}

/** What an approval confirms, and who may sign it. */
function openGateOf(name: Gate, migration: Migration): NonNullable<MigrationStatus['gate']> {
  const { hashed } = migration;
  const approves = gateSummaryOf(migration, name);
  if (!hashed) return { name, statement: GATES[name].statement, approves };
  const statement = statementOf(name, hashed.plan);
  const signedBy = hashed.plan.approval.approvers.map((approver) => approver.name);
  return {
    name,
    statement,
    approves,
    ...(signedBy.length > 0 && { signedBy: linesWithin(signedBy, LIST_BYTES) }),
  };
}

/** Where not all of it is shown, what is not signed yet comes first. */
function signaturesOf({
  signatures,
}: Migration): Pick<MigrationStatus, 'signatures' | 'signatureCount'> {
  if (signatures.length === 0) return {};
  const all = shownOf(signatures);
  if (all.length === signatures.length) return { signatures: all };
  const open = signatures.filter(({ provided }) => provided === undefined);
  return { signatures: shownOf(open), signatureCount: signatures.length };
}

function shownOf(signatures: readonly SignatureRequest[]): SignatureToProvide[] {
  return withinBytes(signatures.slice(0, SIGNATURES_SHOWN).map(signatureToProvide), SIGNATURES_BYTES);
}

function inShort({ readAt, found }: DifferencesReading): DifferencesReading {
  return {
    readAt,
    found: found.map((its) => ({ ...its, named: withinBytes(its.named, NAMED_BYTES) })),
  };
}

function withdrawalInShort({ withdrawn, stays, checked, ...rest }: WithdrawalReport): WithdrawalReport {
  return {
    withdrawn: linesWithin(withdrawn, LIST_BYTES),
    stays: shownStays(stays),
    checked: linesWithin(checked, LIST_BYTES),
    ...rest,
  };
}

function shownStays(stays: readonly Explained[]): Explained[] {
  const shown = withinBytes(stays, LIST_BYTES);
  const more = stays.length - shown.length;
  return more === 0 ? shown : [...shown, { what: `... and ${count(more)} more`, why: 'not shown' }];
}

/** The last approvals: those of the gate that is open are among them. */
function lastOf(approvals: readonly Approval[]): Approval[] {
  return withinBytes([...approvals].reverse(), LIST_BYTES).reverse();
}

/** Of the copy; until the export has ended, the plan says how many there are. */
function contractsOf({ transfer, hashed, live, contractsPerSecond }: Migration) {
  const { checkpoint, exported } = transfer;
  const isOver = live ? isCopied(live) : exported !== undefined;
  // What an earlier attempt left on the target is not imported again: how many are is known at the end.
  const isKnown = isOver || !hashed || !isLive(hashed.plan) || hashed.plan.live.staleOnTarget === 0;
  if (!isKnown || !(checkpoint || live?.copied !== undefined)) return {};
  const done = (live?.copied ?? 0) + (checkpoint?.contractCount ?? 0);
  const planned = hashed?.plan.contracts.total ?? 0;
  const total = isOver ? (exported?.total.contractCount ?? done) : Math.max(planned, done);
  const left = total - done;
  const etaSeconds = contractsPerSecond > 0 ? Math.ceil(left / contractsPerSecond) : 0;
  const why = isOver && hashed ? importedSincePlan(hashed.plan, total) : undefined;
  const perSecond = Math.round(contractsPerSecond);
  return {
    contracts: { done, total, perSecond, etaSeconds, ...(why !== undefined && { sincePlan: why }) },
  };
}

function warmCopyOf({ transfer, hashed }: Migration): WarmCopyStatus {
  const { catchUps } = transfer;
  const last = catchUps.at(-1);
  const changed = last ? last.created + last.archived : 0;
  const shown = catchUps.slice(-CATCH_UPS_SHOWN);
  if (!hashed || transfer.pinnedOffset !== undefined) return { catchUps: shown };
  return { catchUps: shown, freezeSeconds: warmFreezeSeconds(hashed.plan, changed) };
}

/** The live route goes on from its last comparison; the one after the cut-over takes its place. */
function liveOf({ live, hashed, verification }: Migration): Pick<MigrationStatus, 'live'> {
  if (!live) return {};
  const { compared, ...status } = liveStatusOf(live);
  if (!compared || verification?.isAfterCutOver) return { live: status };
  const why = hashed && sincePlan(hashed.plan, compared.contractCount);
  return {
    live: { ...status, compared: { ...compared, ...(why !== undefined && { sincePlan: why }) } },
  };
}

function verificationOf({ isVerificationStale, hashed }: Migration, verification: Verification) {
  const { isEqual, contractCount, differences, differenceCount, totals, elsewhere, verifiedAt } =
    verification;
  const { isAfterCutOver, isCarried } = verification;
  const why = isEqual && hashed ? comparedSincePlan(hashed.plan, verification) : undefined;
  const state = !isEqual ? 'not-verified' : isVerificationStale ? 'stale' : 'verified';
  return {
    state,
    isEqual,
    contractCount,
    differences: differencesWithin(differences, DIFFERENCES_BYTES),
    differenceCount,
    totals,
    ...(elsewhere && { elsewhere: withinBytes(elsewhere, LIST_BYTES) }),
    ...(why !== undefined && { sincePlan: why }),
    ...(isAfterCutOver && { isAfterCutOver }),
    ...(isCarried && { isCarried }),
    verifiedAt,
  } as const;
}

function summaryOf(migration: Migration): string {
  const { state, stage, gate, lastFailure, delegatedTo } = migration;
  if (migration.isPaused && state === 'waiting-for-approval') {
    return `paused at the gate ${gate ?? ''}: it can be approved, but nothing continues until it is resumed`;
  }
  if (migration.hold !== undefined) return `${stage} is held: ${migration.hold}`;
  switch (state) {
    case 'running': {
      if (stage === 'plan') return 'reading both participants, nothing is changed';
      const { parties = 0 } = migration.live?.awaited ?? migration.transfer.awaited ?? {};
      if (parties === 0) return `${stage} is under way`;
      return `${stage} waits for signatures of others: ${counted(parties, 'party', 'parties')}`;
    }
    case 'waiting-for-approval':
      return waitedFor(migration);
    case 'paused':
      return `paused in ${stage}`;
    case 'stopped':
      return `${stage} stopped: ${lastFailure?.message ?? ''}`;
    case 'aborting':
      return `aborted by ${abortedBy(migration)}, undoing what was done`;
    case 'aborted':
      return `aborted by ${abortedBy(migration)}, what was done has been undone`;
    case 'watching':
      return `migrated and verified, the target serves; source watch: ${watchOf(migration)}`;
    case 'migrated':
      return migration.report?.closedBy === undefined
        ? `migrated and verified: the target serves; ${watchOf(migration)}`
        : `migrated and verified: the target serves; closed by ${migration.report.closedBy}`;
    case 'failed':
      return `ended in ${stage}: ${lastFailure?.message ?? ''}`;
    case 'delegated':
      if (migration.claim) return `this node is ${describeClaim(migration.claim)}`;
      return `the migration of this source was given to ${delegatedTo ?? 'another workflow'}`;
  }
}

/** Nobody can confirm anything while the gate still lacks signatures. */
function waitedFor({ stage, gate, hashed, signatures, hostings }: Migration): string {
  const open = signatures.filter(({ isRequired, provided }) => isRequired && !provided).length;
  const missing = gate === 'root-key' ? open + (hostings?.counts.missing ?? 0) : 0;
  if (missing > 0)
    return `waiting for ${counted(missing, 'signature')} made outside of the nodes, before ${stage}; then for an operator`;
  const statement = gate && (hashed ? statementOf(gate, hashed.plan) : GATES[gate].statement);
  return `waiting for an operator to confirm, before ${stage}: ${statement ?? ''}`;
}

function abortedBy({ abortedBy: name }: Migration): string {
  return name ?? 'a cancellation in Temporal';
}

function watchOf({ watch, live }: Migration): string {
  if (watch?.status) return describeWatch(watch.status);
  return live ? 'the source hosts none of the parties any more' : 'the source is parked';
}
