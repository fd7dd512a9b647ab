import { describeClaim } from './claim.js';
import { signatureToProvide } from './ceremony.js';
import { isCopied, liveStatusOf } from './live.js';
import { approvalsNeeded, type Migration } from './migration.js';
import { nextStepOf } from './next-step.js';
import { GATES, type Gate } from './phase.js';
import { confirmedOfSplice } from './splice.js';
import { isLive, routeInWords, type HashedPlan } from './plan.js';
import type { Verification } from './report.js';
import { describeWatch } from './source-watch.js';
import type { MigrationStatus, WarmCopyStatus } from './steering.js';
import { warmFreezeSeconds } from './transfer-cost.js';

/** In the status; the report has more. */
const SHOWN_DIFFERENCES = 100;

/** What operators are told about a migration; pure, so that a query can answer with it at any time. */
export function statusOf(migration: Migration): MigrationStatus {
  const { hashed, gate, transfer, verification, lastFailure, withdrawal } = migration;
  return {
    state: migration.state,
    stage: migration.stage,
    summary: summaryOf(migration),
    next: nextStepOf(migration),
    workflowId: migration.workflowId,
    ...(hashed && {
      sourceUid: hashed.plan.source.uid,
      targetUid: hashed.plan.target.uid,
      planHash: hashed.hash,
    }),
    ...(gate && { gate: openGateOf(gate, hashed) }),
    ...(gate && migration.differences && { differences: migration.differences }),
    ...(gate &&
      approvalsNeeded(migration, gate) > 1 && {
        approvalsNeeded: approvalsNeeded(migration, gate),
      }),
    ...(gate === 'root-key' &&
      migration.signatures.length > 0 && { signatures: migration.signatures.map(signatureToProvide) }),
    ...(migration.hostings && isSigning(migration) && { hostings: migration.hostings.counts }),
    phases: migration.phases,
    steps: migration.steps,
    ...contractsOf(migration),
    ...(transfer.copyOffset !== undefined && { tuning: migration.tuning }),
    ...(transfer.caughtUpOffset !== undefined && { warmCopy: warmCopyOf(migration) }),
    ...(migration.live && { live: liveStatusOf(migration.live) }),
    ...(verification && { verification: verificationOf(migration, verification) }),
    isPastPointOfNoReturn: migration.isPastPointOfNoReturn,
    approvals: migration.approvals,
    ...(lastFailure && { lastFailure }),
    ...(migration.firstFailure && { firstFailure: migration.firstFailure }),
    ...(migration.retryAt !== undefined && { retryAt: migration.retryAt }),
    ...(withdrawal && { withdrawal }),
    ...(migration.watch?.status && { watch: migration.watch.status }),
    ...(migration.report?.closedBy !== undefined && { closedBy: migration.report.closedBy }),
    ...(migration.droppedSignals !== undefined && { droppedSignals: migration.droppedSignals }),
  };
}

/** While somebody might hand in signatures: at the gate, or where some are missing later. */
function isSigning({ gate, hostings, isPastPointOfNoReturn, isWithdrawing }: Migration): boolean {
  if (isWithdrawing || !hostings) return false;
  const { missing, given, requests } = hostings.counts;
  return gate === 'root-key' || missing > 0 || (given < requests && !isPastPointOfNoReturn);
}

/** What an approval confirms, the first one, after which changes begin, also the route; and who may sign it. */
function openGateOf(name: Gate, hashed: HashedPlan | undefined): NonNullable<MigrationStatus['gate']> {
  const { statement: always } = GATES[name];
  if (!hashed) return { name, statement: always };
  const statement = always + confirmedOfSplice(name, hashed.plan);
  const route = `; and the migration takes the ${routeInWords(hashed.plan)}`;
  const signedBy = hashed.plan.approval.approvers.map((approver) => approver.name);
  return {
    name,
    statement: name === 'root-key' ? statement + route : statement,
    ...(signedBy.length > 0 && { signedBy }),
  };
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
  return { contracts: { done, total, perSecond: Math.round(contractsPerSecond), etaSeconds } };
}

function warmCopyOf({ transfer, hashed }: Migration): WarmCopyStatus {
  const { catchUps } = transfer;
  const last = catchUps.at(-1);
  const changed = last ? last.created + last.archived : 0;
  if (!hashed || transfer.pinnedOffset !== undefined) return { catchUps };
  return { catchUps, freezeSeconds: warmFreezeSeconds(hashed.plan, changed) };
}

function verificationOf({ isVerificationStale }: Migration, verification: Verification) {
  const { isEqual, contractCount, differences, differenceCount, totals, elsewhere, verifiedAt } =
    verification;
  const state = !isEqual ? 'not-verified' : isVerificationStale ? 'stale' : 'verified';
  const shown = differences.slice(0, SHOWN_DIFFERENCES);
  return {
    state,
    isEqual,
    contractCount,
    differences: shown,
    differenceCount,
    totals,
    ...(elsewhere && { elsewhere }),
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
    case 'running':
      return stage === 'plan'
        ? 'reading both participants, nothing is changed'
        : `${stage} is under way`;
    case 'waiting-for-approval':
      return `waiting for an operator to confirm, before ${stage}: ${gate ? GATES[gate].statement : ''}`;
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
        ? 'migrated and verified: the target serves, the source is parked'
        : `migrated and verified: the target serves; closed by ${migration.report.closedBy}`;
    case 'delegated':
      if (migration.claim) return `this node is ${describeClaim(migration.claim)}`;
      return `the migration of this source runs as ${delegatedTo ?? 'another workflow'}`;
  }
}

function abortedBy({ abortedBy: name }: Migration): string {
  return name ?? 'a cancellation in Temporal';
}

function watchOf({ watch, live }: Migration): string {
  if (watch?.status) return describeWatch(watch.status);
  return live ? 'the source hosts none of the parties any more' : 'the source is parked';
}
