import type { RunEnd } from '../model/execution.js';
import type { MigrationStatus } from '../model/steering.js';

/** A step that a worker is at, or that waits for its next attempt. */
export interface PendingStep {
  /** Name of the activity. */
  step: string;
  /** From 1. */
  attempt: number;
  /** What it said last about its progress, as JSON. */
  progress?: unknown;
  lastFailure?: string;
  /** RFC 3339; set while it waits for its next attempt. */
  nextAttemptAt?: string;
}

/** How the run of a migration stands with Temporal. */
export type Execution = 'running' | RunEnd;

/** Everything that is known of a migration at one moment. */
export interface MigrationSnapshot {
  id: string;
  execution: Execution;
  /** When its first run began. RFC 3339. */
  startedAt: string;
  /** Where a worker has to ask for work to go on with it. */
  taskQueue: string;
  /** What the migration says of itself; absent while no worker answers. */
  status?: MigrationStatus;
  isWorkerPresent: boolean;
  pending: PendingStep[];
}
