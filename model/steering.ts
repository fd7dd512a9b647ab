import type { HostingCounts, SignatureToProvide } from './ceremony.js';
import type { CatchUp, CopyCheckpoint } from './acs.js';
import type { DifferencesReading } from './differences.js';
import type { WatchStatus } from './source-watch.js';
import type { AwaitedSignatures, LiveStatus } from './live.js';
import type { PartiesStatus } from './parties-status.js';
import type { Gate, Phase, Stage } from './phase.js';
import type { Approval, ReportedFailure, Verification, WithdrawalReport } from './report.js';

/** Names of what operators send to and ask of a running migration. */
export const STATUS_QUERY = 'status';
export const PLAN_QUERY = 'plan';
export const APPROVE_UPDATE = 'approve';
export const PAUSE_UPDATE = 'pause';
export const RESUME_UPDATE = 'resume';
export const ABORT_UPDATE = 'abort';
export const RETUNE_UPDATE = 'retune';
export const REPAIR_UPDATE = 'repair';
export const PROVIDE_SIGNATURE_UPDATE = 'provideSignature';
export const PROVIDE_SIGNATURES_UPDATE = 'provideSignatures';
export const SIGNATURES_QUERY = 'signatures';
export const PARK_UPDATE = 'park';
export const CLOSE_UPDATE = 'close';
export const REPORT_QUERY = 'report';
export const ABORT_PREVIEW_QUERY = 'abortPreview';

/** What a run tells the one that takes over, and that it has to take over; not for operators. */
export const CARRIED_QUERY = 'carried';
export const TAKE_OVER_UPDATE = 'takeOver';

/** What the running transfer asks its migration and tells it; not for operators. */
export const TUNING_QUERY = 'transferTuning';
export const PROGRESS_SIGNAL = 'transferProgress';
export const AWAITED_SIGNAL = 'awaitedSignatures';

/** Workflow types, and the task queue unless the worker's configuration names another. */
export const MIGRATE_WORKFLOW = 'migrateParticipant';
export const PLAN_WORKFLOW = 'planMigration';
export const PARK_WORKFLOW = 'parkParticipant';
export const LOOK_WORKFLOW = 'lookAtNodes';
export const RECOVER_WORKFLOW = 'recoverMigration';
export const READ_REPORT_WORKFLOW = 'readReport';
export const TASK_QUEUE = 'canton-migrate';

/** Search attributes, all of type Keyword; the first are registered first, where there is not room for all. */
export const SEARCH_ATTRIBUTES = {
  state: 'MigrationState',
  gate: 'MigrationGate',
  phase: 'MigrationPhase',
  source: 'MigrationSource',
  target: 'MigrationTarget',
  direction: 'MigrationDirection',
} as const;

/** Argument of the update `approve`. */
export interface ApproveInput {
  gate: Gate;
  /** SHA-256 of the plan, 64 hex characters: nobody approves what they have not seen. */
  planHash: string;
  /** Who approves, as the report is to show it. */
  approver: string;
  /** Only at the gate `target-backup`, which needs one of both: a name or checksum of the backup. */
  evidence?: string;
  /** Or why the operator goes on without a backup. */
  waiver?: string;
  /** Only, and always, if the worker's configuration lists approvers: when it was signed. RFC 3339, UTC. */
  signedAt?: string;
  /** Base64 of what `openssl` writes, or of what is in the armor of `ssh-keygen -Y sign`. */
  signature?: string;
}

/** Argument of the updates `pause`, `resume`, `abort`, `repair` and `park`. */
export interface SteerInput {
  /** Who asks for it, as the history is to show it. */
  by: string;
}

/** A node to park whose migration has ended. Both by their names in the worker's configuration. */
export interface ParkRequest extends SteerInput {
  participant: string;
  /** The node that serves its parties now. */
  servedBy: string;
  /** Parks it also where parties stay on it that the other node does not serve. */
  force?: boolean;
}

/** Argument of a run that takes over what a lost one left. */
export interface RecoverRequest extends SteerInput {
  way: 'back' | 'forward';
  /** Run id of the lost one, as it was shown. */
  runId: string;
}

/** Argument of the update `close`. */
export interface CloseInput extends SteerInput {
  /** Closes also where the source is not known to be parked or stopped. */
  force?: boolean;
}

/** One line for signals that nothing could be made of. */
export function describeDropped(signals: number): string {
  return signals === 1
    ? '1 signal was dropped: malformed'
    : `${signals} signals were dropped: malformed`;
}

/** How fast the transfer goes. */
export interface Tuning {
  /** How long one import call should take on the target, seconds: 1 to 60. */
  targetSeconds: number;
  /** Contracts imported in a second at most; no limit if left out. */
  contractsPerSecond?: number;
}

/**
 * A broken call costs at most so much. Each costs the target 0.6 s whatever its size, which is 5 % of it.
 * Source: admin-api 2.8.
 */
export const DEFAULT_TUNING: Tuning = { targetSeconds: 12 };

/** Argument of the update `retune`: what is left out stays as it is. */
export interface RetuneInput extends SteerInput {
  /** 1 to 60. */
  targetSeconds?: number;
  /** 1 to 1,000,000; null for no limit. */
  contractsPerSecond?: number | null;
}

/** Answer of the query `transferTuning`. */
export interface TransferTuning extends Tuning {
  isPaused: boolean;
}

/** Argument of the signal `transferProgress`. */
export interface TransferProgress {
  checkpoint: CopyCheckpoint;
  /** Of the source, at which the copy is exported: which of several copies this is about. Decimal int64. */
  offset?: string;
  contractsPerSecond: number;
  /** Whether the transfer holds because of a pause. */
  isHeld: boolean;
}

export type MigrationState =
  | 'running'
  | 'waiting-for-approval'
  | 'paused'
  | 'stopped'
  | 'aborting'
  | 'aborted'
  | 'watching'
  | 'migrated'
  | 'failed'
  | 'delegated';

export interface PhaseStatus {
  phase: Phase;
  state: 'waiting' | 'running' | 'done' | 'withdrawn';
  changed: string[];
  /** How long its steps were at work, with what it did before its gate; retries included. */
  workedMs: number;
  /** How long it waited for operators: at its gate, paused or stopped. */
  waitedMs: number;
}

/** Who serves the parties that move. */
export type Serving = 'source' | 'nobody' | 'both' | 'target';

/** A step of the route that the migration takes. */
export interface StepStatus {
  name: string;
  phase: Phase;
  /** Approved before it begins. */
  gate?: Gate;
  /** Once it is done. */
  serving: Serving;
  /** Neither it nor anything after it can be taken back. */
  isPointOfNoReturn?: true;
  state: 'waiting' | 'running' | 'done' | 'undone';
}

/** Of a copy ahead of the freeze. */
export interface WarmCopyStatus {
  /** Catch-ups so far, newest last. */
  catchUps: CatchUp[];
  /** How long the source would be out of service if it were frozen now; absent once it is. */
  freezeSeconds?: number;
}

/** Answer of the query `status`. None of its lists is long, however many parties there are. */
export interface MigrationStatus {
  state: MigrationState;
  stage: Stage;
  /** What is going on, or is waited for, in one sentence. */
  summary: string;
  /** What the operator does next, as a sentence with the CLI command if there is one. */
  next: string;
  workflowId: string;
  /** By their names in the worker's configuration. */
  sourceName?: string;
  targetName?: string;
  sourceUid?: string;
  targetUid?: string;
  planHash?: string;
  /** Who started it, if somebody said so; of a schedule, its name. */
  startedBy?: string;
  /** Who paused it, while it is. */
  pausedBy?: string;
  /** Since when the gate is open. RFC 3339. */
  gateSince?: string;
  /** What becomes of the parties of the source, once there is a plan. */
  parties?: PartiesStatus;
  gate?: {
    name: Gate;
    statement: string;
    /** What is approved, in lines of plain text: parties, contracts, route, time out of service, warnings, proof. */
    approves: string[];
    /** Who may approve it, with a signature; absent if nobody has to sign. */
    signedBy?: string[];
  };
  /** What has changed since the plan, as it was read while the gate is open; absent until it was. */
  differences?: DifferencesReading;
  /** How many different people have to approve the open gate, if more than one. */
  approvalsNeeded?: number;
  /** What the offline root key is asked to sign, while the gate `root-key` is open. */
  signatures?: SignatureToProvide[];
  /** How many that is, if not each of them is above. */
  signatureCount?: number;
  /** What other keys sign for the parties, counted, as long as it can be handed in. */
  hostings?: HostingCounts;
  phases: PhaseStatus[];
  /** Those of the route, in order; empty until there is a plan. */
  steps: StepStatus[];
  /** Contracts imported into the target, of those exported. */
  contracts?: {
    done: number;
    total: number;
    perSecond: number;
    etaSeconds: number;
    /** Why that is another number than the plan's; absent if it is not, and while it is not known. */
    sincePlan?: string;
  };
  /** How fast the transfer may go, once it is under way. */
  tuning?: Tuning;
  /** Copying ahead of the freeze. */
  warmCopy?: WarmCopyStatus;
  /** Whose signatures the hosting of parties lacks, on the route over another synchronizer. */
  awaited?: AwaitedSignatures;
  /** Of the live route. */
  live?: LiveStatus;
  /** `stale`: the target changed since it was compared; it is compared again before the cut-over. */
  verification?: Pick<
    Verification,
    | 'isEqual'
    | 'contractCount'
    | 'differences'
    | 'differenceCount'
    | 'totals'
    | 'elsewhere'
    | 'isAfterCutOver'
    | 'isCarried'
    | 'verifiedAt'
  > & {
    state: 'verified' | 'stale' | 'not-verified';
    /** Why it has another number of contracts than the plan; absent if it has not. */
    sincePlan?: string;
  };
  isPastPointOfNoReturn: boolean;
  approvals: Approval[];
  lastFailure?: ReportedFailure;
  /** Of an abort: the failure that led to it. */
  firstFailure?: ReportedFailure;
  /** Of an abort that failed: when it tries again by itself, RFC 3339. */
  retryAt?: string;
  withdrawal?: WithdrawalReport;
  /** Once the target serves; until the first look the source was read as parked by the phase `verify`. */
  watch?: WatchStatus;
  /** Who closed the source watch. */
  closedBy?: string;
  /** Signals that nothing could be made of: not of this program, or sent by somebody else. */
  droppedSignals?: number;
}
