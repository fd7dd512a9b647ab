import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

import { cureOf } from '../../model/cures.js';
import { StepFailure, type FailureKind } from '../../model/failure.js';
import type { Stage } from '../../model/phase.js';
import type { ReportedFailure } from '../../model/report.js';
import { bounded, MESSAGE_LIMIT, NAME_LIMIT } from '../../model/shown-text.js';

/** The end of a run that did not end well. Its stack would carry a path of the worker into history. */
export function ending(type: string, message: string, details?: unknown): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(bounded(message, MESSAGE_LIMIT), type, details);
  delete failure.stack;
  return failure;
}

/** The end of a workflow that is one activity, whose `error` this is. */
export function endingWith(stage: Stage, error: unknown): unknown {
  const failure = reportedFailure(stage, error);
  return failure ? ending(failure.type, failure.message, failure) : error;
}

/** What an operator is told about a failure; nothing if the error is a bug of ours. */
export function reportedFailure(stage: Stage, error: unknown): ReportedFailure | undefined {
  if (error instanceof StepFailure) return failureOf(stage, error.kind, error.type, error.message);
  if (!(error instanceof ActivityFailure)) return undefined;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const { kind } = (cause.details?.[0] ?? {}) as { kind?: unknown };
    return failureOf(stage, kindOf(kind), cause.type ?? 'Unexpected', cause.message);
  }
  if (cause instanceof TimeoutFailure) {
    return failureOf(stage, 'transient', 'TimedOut', `${error.activityType}: ${cause.message}`);
  }
  return failureOf(
    stage,
    'transient',
    'Unexpected',
    `${error.activityType}: ${cause?.message ?? error.message}`,
  );
}

const KINDS: readonly unknown[] = ['transient', 'refused', 'mismatch'] satisfies FailureKind[];

function kindOf(kind: unknown): FailureKind {
  return KINDS.includes(kind) ? (kind as FailureKind) : 'transient';
}

function failureOf(stage: Stage, kind: FailureKind, type: string, message: string): ReportedFailure {
  const name = bounded(type, NAME_LIMIT);
  return { stage, kind, type: name, message: bounded(message, MESSAGE_LIMIT), cure: cureOf(name) };
}
