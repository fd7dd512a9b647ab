import type { Gate, Phase, Stage } from './phase.js';
import type { Approval, ReportedFailure, Verification, WithdrawalReport } from './report.js';

/** Names of what operators send to and ask of a running migration. */
export const STATUS_QUERY = 'status';
export const PLAN_QUERY = 'plan';
export const APPROVE_UPDATE = 'approve';
export const PAUSE_UPDATE = 'pause';
export const RESUME_UPDATE = 'resume';
export const ABORT_UPDATE = 'abort';

/** Workflow types, and the task queue unless the worker's configuration names another. */
export const MIGRATE_WORKFLOW = 'migrateParticipant';
export const PLAN_WORKFLOW = 'planMigration';
export const TASK_QUEUE = 'canton-migrate';

/** Search attributes, all of type Keyword. */
export const SEARCH_ATTRIBUTES = {
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
  /** Who approves, as it shall stand in the report. */
  approver: string;
}

/** Argument of the updates `pause`, `resume` and `abort`. */
export interface SteerInput {
  /** Who asks for it, as it shall stand in the history. */
  by: string;
}

export type MigrationState =
  | 'running'
  | 'waiting-for-approval'
  | 'paused'
  | 'stopped'
  | 'aborting'
  | 'aborted'
  | 'migrated'
  | 'delegated';

export interface PhaseStatus {
  phase: Phase;
  state: 'waiting' | 'running' | 'done' | 'withdrawn';
  changed: string[];
  durationMs: number;
}

/** Answer of the query `status`. */
export interface MigrationStatus {
  state: MigrationState;
  stage: Stage;
  /** What is going on, or is waited for, in one sentence. */
  summary: string;
  /** What the operator does next, as a sentence with the CLI command if there is one. */
  next: string;
  workflowId: string;
  sourceUid?: string;
  targetUid?: string;
  planHash?: string;
  gate?: { name: Gate; statement: string };
  phases: PhaseStatus[];
  /** Contracts imported into the target, of those exported. */
  contracts?: { done: number; total: number; perSecond: number; etaSeconds: number };
  verification?: Pick<Verification, 'isEqual' | 'contractCount' | 'differences' | 'differenceCount'>;
  isPastPointOfNoReturn: boolean;
  approvals: Approval[];
  lastFailure?: ReportedFailure;
  withdrawal?: WithdrawalReport;
}
