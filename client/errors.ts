import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';

import { PayloadNotOpened } from '../secrets/payload-codec.js';
import { UnusableList } from '../storage/list-store.js';
import { TemporalProblem } from '../temporal/problem.js';
import { findRefusal } from '../temporal/refusals.js';
import { cureOf } from '../model/cures.js';
import type { Finding, HashedPlan } from '../model/plan.js';
import type { Verification, WithdrawalReport } from '../model/report.js';
import { plain, shown } from '../model/shown-text.js';

/** Names the file of the keys that payloads are encrypted with, unless an option does. */
export const PAYLOAD_KEYS_VARIABLE = 'CANTON_MIGRATE_PAYLOAD_KEYS';

/** Names where the worker keeps long lists, unless an option does. */
export const LISTS_VARIABLE = 'CANTON_MIGRATE_LISTS';

/** What a script can tell apart: the exit codes of the CLI follow from it. */
export type ErrorKind = 'unexpected' | 'usage' | 'refused' | 'mismatch';

/** Something a migration, or the client, says no to. `type` is a stable PascalCase name; `next` what to do. */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError';
  constructor(
    readonly kind: ErrorKind,
    readonly type: string,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The request is not one: one line per problem, each with field, value and expectation. */
export class RequestInvalidError extends MigrationError {
  override readonly name = 'RequestInvalidError';
  constructor(readonly problems: string[]) {
    super('usage', 'RequestInvalid', problems.join('\n'), 'correct the request and repeat the command');
  }
}

/** The plan holds obstacles, or is another one than was asked for. Nothing was started. */
export class RefusedError extends MigrationError {
  override readonly name = 'RefusedError';
  readonly obstacles: Finding[];
  constructor(
    type: 'PlanObstructed' | 'PlanChanged',
    message: string,
    readonly plan: HashedPlan,
  ) {
    const next =
      type === 'PlanObstructed'
        ? 'remove each obstacle as its cure says, then plan again'
        : 'check the new plan and start with its hash';
    super('refused', type, message, next);
    this.obstacles = plan.plan.obstacles;
  }
}

/** Nobody works on the task queue, so that nobody answers. */
export class NoWorkerError extends MigrationError {
  override readonly name = 'NoWorkerError';
  constructor(taskQueue: string, afterwards = 'repeat the command') {
    super(
      'unexpected',
      'NoWorker',
      `no worker answers on task queue ${taskQueue}`,
      `start one: canton-migrate worker --config <file>; then ${afterwards}`,
    );
  }
}

/** The migration ended by an abort. */
export class AbortedError extends MigrationError {
  override readonly name = 'AbortedError';
  constructor(
    message: string,
    readonly withdrawal: WithdrawalReport | undefined,
  ) {
    super(
      'refused',
      'Aborted',
      message,
      'check what stays; to migrate later, plan again: canton-migrate plan',
    );
  }
}

/** The contracts on both nodes are not proven equal. */
export class NotVerifiedError extends MigrationError {
  override readonly name = 'NotVerifiedError';
  constructor(
    message: string,
    readonly verification: Verification | undefined,
  ) {
    super(
      'mismatch',
      'NotVerified',
      message,
      'compare the named contracts on both nodes before you use the target',
    );
  }
}

function unusable({ type, message, kind }: UnusableList): MigrationError {
  const next =
    type === 'ListMissing'
      ? `name the place that the worker's configuration has as lists: --lists or ${LISTS_VARIABLE}`
      : cureOf(type);
  return new MigrationError(kind === 'transient' ? 'unexpected' : 'refused', type, message, next);
}

/** Returns what an operator is told for an error of the client or of the migration. */
export function toMigrationError(error: unknown, taskQueue: string): Error {
  if (error instanceof MigrationError) return error;
  if (error instanceof TemporalProblem) return unusableTemporal(error);
  if (error instanceof PayloadNotOpened) return notOpened(error);
  if (error instanceof UnusableList) return unusable(error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error)) {
    return new NoWorkerError(taskQueue, 'check the status: what was sent may still be applied');
  }
  if (error instanceof WorkflowNotFoundError) {
    const next = 'name a migration that exists: canton-migrate list --all';
    return new MigrationError(
      'refused',
      'NotFound',
      `no migration with this id: ${plain(error.workflowId)}`,
      next,
    );
  }
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) {
    return fromFailure(error.cause, error);
  }
  const answer = answerOfTemporal(error);
  if (answer) return answer;
  return error instanceof Error ? error : new Error(String(error));
}

/** Returns why Temporal cannot be used. */
export function unusableTemporal({ isOfSettings, type, message, next, cause }: TemporalProblem) {
  const kind = isOfSettings ? 'usage' : 'unexpected';
  return new MigrationError(kind, type, message, next, { cause });
}

/** What Temporal answered to a call, or that it did not; the SDK wraps some of its answers. */
function answerOfTemporal(error: unknown): MigrationError | undefined {
  const refusal = findRefusal(error);
  if (refusal) return unusableTemporal(refusal);
  const answer = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(answer)) return undefined;
  const what = `Temporal says: ${shown(answer.message)}`;
  const next = 'check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, and that the server is up';
  return new MigrationError('unexpected', 'TemporalUnavailable', what, next, { cause: error });
}

function notOpened({ message, cause }: PayloadNotOpened): MigrationError {
  const next = `name the file of the worker's keys: --payload-keys <file>, or ${PAYLOAD_KEYS_VARIABLE}`;
  return new MigrationError('refused', 'PayloadNotOpened', message, next, { cause });
}

function fromFailure(cause: unknown, error: Error): Error {
  if (cause instanceof ChildWorkflowFailure) return fromFailure(cause.cause, error);
  if (cause instanceof CancelledFailure)
    return new AbortedError('the migration was cancelled', undefined);
  if (cause instanceof TerminatedFailure) {
    const next = 'see what was left, and take it back or go on: canton-migrate recover <source>';
    return new MigrationError(
      'unexpected',
      'Terminated',
      'the migration was terminated from outside',
      next,
    );
  }
  if (!(cause instanceof ApplicationFailure)) return cause instanceof Error ? cause : error;
  const [details] = (cause.details ?? []) as [unknown?];
  const type = shown(cause.type ?? 'Unexpected');
  const message = shown(cause.message);
  if (type === 'Aborted') return new AbortedError(message, details as WithdrawalReport | undefined);
  if (type === 'NotVerified') return new NotVerifiedError(message, details as Verification | undefined);
  const { kind, cure } = (details ?? {}) as { kind?: string; cure?: string };
  const next = shown(cure) ?? 'canton-migrate status shows where the migration stands and what to do';
  const ours = kind === 'mismatch' ? 'mismatch' : kind === 'transient' ? 'unexpected' : 'refused';
  return new MigrationError(ours, type, message, next, { cause: error });
}
