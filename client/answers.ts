import type { RunEnd } from '../model/execution.js';
import type { HashedPlan } from '../model/plan.js';
import type { KeptReport, KeptReportPart, ReportFormat } from '../model/kept-report.js';
import type { MigrationStatus, RecoverRequest } from '../model/steering.js';
import type { Execution } from './snapshot.js';

// Nothing of Temporal's SDK: its types do not compile without `skipLibCheck`, and these are published.

/** What the last run of a migration left that had a plan. */
export interface LeftBehind {
  id: string;
  runId: string;
  end: RunEnd;
  /** RFC 3339. */
  closedAt?: string;
  /** In an operator's words, after "the run". */
  stood: string;
  /** Whether it was ended from outside, with something to take back or to finish. */
  isLost: boolean;
  /** Whether anything had been done. */
  isBegun: boolean;
  /** Which ways lead on. */
  ways: readonly RecoverRequest['way'][];
  status: MigrationStatus;
  planned?: HashedPlan;
}

/** A migration as a list has it. */
export interface ListedMigration {
  id: string;
  /** Names are absent where nothing was planned yet and nobody said so at the start. */
  source: { name?: string; uid?: string };
  target: { name?: string; uid?: string };
  execution: Execution;
  /** As the migration says; of one that nobody can ask, as Temporal's list has it, or absent. */
  state?: string;
  gate?: string;
  /** RFC 3339. */
  gateSince?: string;
  /** When its first run began. RFC 3339. */
  startedAt: string;
  endedAt?: string;
  startedBy?: string;
  stage?: string;
  contracts?: { done: number; total: number };
  /** Whether it answered; of one that has ended, nobody is asked. */
  isWorkerPresent: boolean;
  /** Whether nothing goes on until somebody does something. */
  needsPerson: boolean;
}

export interface MigrationList {
  migrations: ListedMigration[];
  /** Whether there are older ones that are not listed. */
  hasMore: boolean;
}

/** Which report is wanted, and as what. */
export interface ReportWish {
  format: ReportFormat;
  /** Of the migration that is meant, if its source had several: the first characters of the hash of its plan. */
  planHash?: string;
}

/** A report as a file, and where it is from. */
export interface WrittenReport {
  text: string;
  /** Absent if the store of the worker does not have it: what the migration itself says, unsigned. */
  kept?: KeptReport;
  /** Other migrations of the same source whose reports are kept, the oldest first. */
  others: KeptReportPart['others'];
}
