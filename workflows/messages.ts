import { ApplicationFailure, defineQuery, defineUpdate } from '@temporalio/workflow';

import type { Migration } from '../model/migration.js';
import { GATES } from '../model/phase.js';
import type { HashedPlan } from '../model/plan.js';
import {
  ABORT_UPDATE,
  APPROVE_UPDATE,
  PAUSE_UPDATE,
  PLAN_QUERY,
  RESUME_UPDATE,
  STATUS_QUERY,
  type ApproveInput,
  type MigrationStatus,
  type SteerInput,
} from '../model/steering.js';

export const status = defineQuery<MigrationStatus>(STATUS_QUERY);
export const plan = defineQuery<HashedPlan | undefined>(PLAN_QUERY);
export const approve = defineUpdate<MigrationStatus, [ApproveInput]>(APPROVE_UPDATE);
export const pause = defineUpdate<MigrationStatus, [SteerInput]>(PAUSE_UPDATE);
export const resume = defineUpdate<MigrationStatus, [SteerInput]>(RESUME_UPDATE);
export const abort = defineUpdate<MigrationStatus, [SteerInput]>(ABORT_UPDATE);

/** What an approval has to be; a rejection leaves no trace in history. The input may be anything: it comes from a UI. */
export function refuseApproval(migration: Migration, input: unknown): void {
  const { gate, planHash, approver } = fieldsOf(input, ['gate', 'planHash', 'approver']);
  if (!Object.hasOwn(GATES, gate!)) {
    throw rejection(
      'InputInvalid',
      `gate: found ${gate}, expected one of ${Object.keys(GATES).join(', ')}`,
    );
  }
  if (migration.delegatedTo)
    throw rejection('GateNotOpen', `the migration runs as ${migration.delegatedTo}, approve there`);
  if (migration.gate !== gate)
    throw rejection('GateNotOpen', `gate ${gate} is not open: ${whyClosed(migration)}`);
  if (planHash !== migration.hashed?.hash) {
    throw rejection(
      'PlanHashMismatch',
      `planHash: found ${planHash}, expected ${migration.hashed?.hash ?? ''}, the plan to be approved`,
    );
  }
  if (gate === 'cut-over' && migration.verification?.isEqual !== true) {
    throw rejection('NotVerified', 'source and target are not verified as equal');
  }
  if (!approver!.trim())
    throw rejection('InputInvalid', 'approver: found nothing, expected who approves');
}

export function refusePause(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (migration.isPaused) throw rejection('AlreadyPaused', 'the migration is paused already');
  if (migration.state !== 'running' && migration.state !== 'waiting-for-approval') {
    throw rejection('NotRunning', `a migration that is ${migration.state} cannot be paused`);
  }
}

export function refuseResume(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (!migration.isPaused && migration.state !== 'stopped') {
    throw rejection(
      'NothingToResume',
      `the migration is ${migration.state}, neither paused nor stopped`,
    );
  }
}

export function refuseAbort(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (migration.delegatedTo)
    throw rejection('NotHere', `the migration runs as ${migration.delegatedTo}, abort it there`);
  if (migration.isPastPointOfNoReturn) {
    throw rejection(
      'PointOfNoReturnPassed',
      'the target serves: a ledger transaction may have consumed contracts that the source still holds, only forward is safe',
    );
  }
  if (migration.abortedBy !== undefined)
    throw rejection('AlreadyAborted', `${migration.abortedBy} aborted it already`);
}

function whyClosed({ state, gate, stage, verification }: Migration): string {
  if (gate) return `${gate} is`;
  if (verification && !verification.isEqual) return 'verification is not green';
  return `the migration is ${state} in ${stage}`;
}

function fieldsOf(input: unknown, names: string[]): Record<string, string> {
  const fields = (input ?? {}) as Record<string, unknown>;
  for (const name of names) {
    if (typeof fields[name] !== 'string') {
      throw rejection(
        'InputInvalid',
        `${name}: found ${JSON.stringify(fields[name]) ?? 'nothing'}, expected text`,
      );
    }
  }
  return fields as Record<string, string>;
}

function rejection(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
