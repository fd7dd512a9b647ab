import type { CatchUp, CopyCheckpoint, ExportedContracts } from './acs.js';
import type { NodeClaim } from './claim.js';
import type { Hostings, SignatureRequest } from './ceremony.js';
import type { WatchStatus } from './source-watch.js';
import type { DifferencesReading } from './differences.js';
import type { Listed } from './listed.js';
import type { AwaitedSignatures, LiveRecord } from './live.js';
import type { LatePackages } from './late-packages.js';
import type { TakenOver } from './lost-run.js';
import { nothingMade, type MadeOnTarget } from './made.js';
import { PHASES, type Gate, type Phase, type Stage } from './phase.js';
import { peopleNeeded } from './approvals.js';
import type { HashedPlan, PlannedNode } from './plan.js';
import type { MigrationRequest } from './request.js';
import type {
  Approval,
  MigrationReport,
  ReportedFailure,
  Verification,
  WithdrawalReport,
} from './report.js';
import { newTimeline, type Timeline } from './timeline.js';
import {
  DEFAULT_TUNING,
  type MigrationState,
  type PhaseStatus,
  type StepStatus,
  type Tuning,
} from './steering.js';

/** Nothing goes on until an operator decides. */
const WAITING: ReadonlySet<MigrationState> = new Set(['waiting-for-approval', 'paused', 'stopped']);

/** Everything a running migration knows about itself. Plain data; the workflow owns it. */
export interface Migration {
  workflowId: string;
  /** As it was given; absent in a run that only keeps a node. */
  request?: MigrationRequest;
  /** Who started it, if somebody said so; of a schedule, its name. */
  startedBy?: string;
  state: MigrationState;
  stage: Stage;
  isPaused: boolean;
  /** Who paused it, while it is. */
  pausedBy?: string;
  isPastPointOfNoReturn: boolean;
  /** Whether Temporal was asked to cancel the run; after the point of no return it only ends a stopped one. */
  isCancelRequested: boolean;
  phases: PhaseStatus[];
  /** Those of the route, in order; empty until there is a plan. */
  steps: StepStatus[];
  /** Index of the step that is taken now; absent before the first one. */
  stepAt?: number;
  /** How often in a row a proof was made anew because it was stale. */
  proofsInARow?: number;
  /** Of an abort: what was taken back so far, also by an undo that began anew. */
  withdrawn?: string[];
  approvals: Approval[];
  /** What the root keys are asked to sign. */
  signatures: SignatureRequest[];
  /** What keys outside of the nodes sign for the parties; absent if the nodes sign it all. */
  hostings?: Hostings;
  /** Signatures of hostings that were handed in one at a time, right or not. */
  singleHandIns?: number;
  /** Until it is known that a run before this one left what this one was given. */
  isUnproven?: true;
  /** Whether Temporal's Reset began this run; it changes nothing, and hands over to the next one. */
  isReset?: true;
  /** Whether somebody told a run that it was begun by Reset. */
  isResetFound?: true;
  /** Set where the run before this one was lost. */
  takenOver?: TakenOver;
  /** What it did when. */
  timeline: Timeline;
  /** What the time goes to just now. */
  clock?: Clock;
  /** Whether what was done is being taken back. */
  isWithdrawing: boolean;
  /** Who asked for the abort. */
  abortedBy?: string;
  hashed?: HashedPlan;
  gate?: Gate;
  /** Since when the gate is open. RFC 3339. */
  gateSince?: string;
  /** How often the nodes were read at the gate that is open. */
  looks?: number;
  transfer: TransferRecord;
  tuning: Tuning;
  /** Of the running copy, as it last said. */
  contractsPerSecond: number;
  verification?: Verification;
  /** What has changed since the plan, as it was read at the gate that is open, or was last. */
  differences?: DifferencesReading;
  /** Whether the target changed since it was compared. */
  isVerificationStale: boolean;
  /** Who asked for what differs to be repaired; undefined once it is done. */
  repairBy?: string;
  lastFailure?: ReportedFailure;
  /** Why a step waits for the upgrade of a synchronizer, and until when. */
  hold?: string;
  /** The failure that led to the abort. */
  firstFailure?: ReportedFailure;
  /** Of an abort: how long a failed step waits before it is tried again by itself, milliseconds. */
  undoPauseMs?: number;
  /** RFC 3339. */
  retryAt?: string;
  withdrawal?: WithdrawalReport;
  watch?: WatchRecord;
  /** Of the live route. */
  live?: LiveRecord;
  /** Set once the target serves. */
  report?: MigrationReport;
  /** Signals that nothing could be made of; absent while there was none. */
  droppedSignals?: number;
  /** Workflow id of the run this one only waits for. */
  delegatedTo?: string;
  /** Names of the search attributes that the namespace has; absent until that is known. */
  searchAttributes?: string[];
  /** Of a run that only keeps a node for another one. */
  claim?: NodeClaim;
}

/** From when on the time is that of a stage, and whether it waits for operators or is at work. */
interface Clock {
  stage: Stage;
  state: MigrationState;
  /** UTC, milliseconds since 1970. */
  since: number;
}

/** How far the transfer has come. It outlives an attempt of the phase, so that a resumed one goes on here. */
export interface TransferRecord {
  /** Ledger end of the target before the first import, or after the last finished one. Decimal int64. */
  targetLedgerEnd?: string;
  /** Offset of the source the copy is exported at: the pinned one, or with a warm copy an earlier one. Decimal int64. */
  copyOffset?: string;
  /** How far the copy is. */
  checkpoint?: CopyCheckpoint;
  /** Set once the copy is complete. */
  exported?: ExportedContracts;
  /** What was different on a target that had the contracts of an earlier time. */
  changes?: { imported: number; purged: number };
  /** Of a warm copy: offset of the source up to which the target has the contracts. Decimal int64. */
  caughtUpOffset?: string;
  /** Catch-ups of a warm copy, oldest first. */
  catchUps: CatchUp[];
  /** When the source was first told to take no more commands. UTC, milliseconds since 1970. */
  outOfServiceAt?: number;
  /** Ledger end of the frozen source. Decimal int64. */
  pinnedOffset?: string;
  /** When both nodes were found frozen, until the step after it has begun. UTC, milliseconds since 1970. */
  frozenAt?: number;
  /** Synchronizers that a node joined since the plan, as they stood before it was disconnected from all. */
  joined?: Partial<Record<'source' | 'target', PlannedNode['connections']>>;
  /** Whether the connect at the point of no return may have been sent; absent until then. */
  isConnectBegun?: boolean;
  /** Of packages, users and the like. */
  made: MadeOnTarget;
  /** What became of the source's packages since the plan; absent until they were read again. */
  late?: LatePackages;
  /** What was done about packages since the plan, until a step tells it. */
  packageChanges?: string[];
  /** Delegations and owners of namespaces that were copied to the target synchronizer. */
  copiedDefinitions?: number;
  /** Whether parties were proposed that others have to sign for on nodes of their own. */
  isProposedToOthers?: true;
  /** While owners of namespaces have to sign, on the route over another synchronizer. */
  awaited?: AwaitedSignatures;
  /** Of an abort: parties that the target goes on hosting, because of contracts that others created there. Ordered. */
  keptParties?: Listed<string>;
  /** Of an abort: how many parties keep signing keys in a mapping that had none before. */
  partiesWithSigningKeys?: number;
  /** Parties whose mapping on the target synchronizer is left without a host: nobody here may remove it. */
  partiesWithoutHosts?: number;
}

/** What the source watch knows and is asked for. */
export interface WatchRecord {
  /** Absent until the first look. */
  status?: WatchStatus;
  /** The ledger end of the source that is no news. Decimal int64. */
  expectedLedgerEnd: string;
  /** Who asked for the source to be parked again; undefined once that was tried. */
  parkBy?: string;
  /** Who asked for the end; undefined once it was decided. */
  closing?: { by: string; isForced: boolean };
}

export function newMigration(workflowId: string): Migration {
  return {
    workflowId,
    state: 'running',
    stage: 'plan',
    isPaused: false,
    isPastPointOfNoReturn: false,
    isCancelRequested: false,
    isWithdrawing: false,
    phases: PHASES.map((phase) => ({ phase, state: 'waiting', changed: [], workedMs: 0, waitedMs: 0 })),
    steps: [],
    approvals: [],
    signatures: [],
    transfer: { catchUps: [], made: nothingMade() },
    tuning: DEFAULT_TUNING,
    contractsPerSecond: 0,
    timeline: newTimeline(),
    isVerificationStale: false,
  };
}

/** How many contracts the target was given so far. */
export function importedOf({ transfer, live }: Migration): number {
  if (live?.copied !== undefined) return live.copied;
  return transfer.exported?.total.contractCount ?? transfer.checkpoint?.contractCount ?? 0;
}

/** How many different people have to approve a gate. */
export function approvalsNeeded({ hashed }: Migration, gate: Gate): number {
  return hashed ? peopleNeeded(hashed.plan.approval, gate) : 1;
}

export function isApproved(migration: Migration, gate: Gate): boolean {
  const approvers = migration.approvals.filter((its) => its.gate === gate);
  const names = new Set(approvers.map(({ approver }) => approver.trim()));
  return names.size >= approvalsNeeded(migration, gate);
}

export function phaseOf(migration: Migration, phase: Phase): PhaseStatus {
  return migration.phases.find((its) => its.phase === phase)!;
}

/** Adds the time since the last change of stage or state to the phase it was spent on. */
export function keepTime(migration: Migration, now: number): void {
  const { clock, phases, stage, state } = migration;
  const its = phases.find(({ phase }) => phase === clock?.stage);
  if (its && clock) {
    const spent = now - clock.since;
    if (clock.state === 'running') its.workedMs += spent;
    if (WAITING.has(clock.state)) its.waitedMs += spent;
  }
  migration.clock = { stage, state, since: now };
}
