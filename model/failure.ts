import type { FailureType } from './cures.js';
import { bounded, MESSAGE_LIMIT } from './shown-text.js';

/**
 * Who has to act on a failure. `transient`: it may pass, Temporal retries. `refused`: Canton or the plan says
 * no, an operator changes something and resumes. `mismatch`: what was read disagrees with what was written.
 */
export type FailureKind = 'transient' | 'refused' | 'mismatch';

/** A failure that our own code decided on, not Canton. Crosses into Temporal as `activities/attempt/failures.ts` says. */
export class StepFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** Stable PascalCase name. */
    readonly type: FailureType,
    message: string,
  ) {
    super(bounded(message, MESSAGE_LIMIT));
    this.name = 'StepFailure';
  }
}

export const transient = (type: FailureType, message: string) =>
  new StepFailure('transient', type, message);
export const refused = (type: FailureType, message: string) => new StepFailure('refused', type, message);
export const mismatch = (type: FailureType, message: string) =>
  new StepFailure('mismatch', type, message);

/** What a failure says, of a step itself or of an activity. */
export function messageOf(error: unknown): string {
  const { message, cause } = (error ?? {}) as { message?: string; cause?: { message?: string } };
  return cause?.message ?? message ?? String(error);
}

/** The name of a failure, of a step itself or of an activity; nothing if it has none. */
export function typeOf(error: unknown): string | undefined {
  const { type, cause } = (error ?? {}) as { type?: unknown; cause?: { type?: unknown } };
  const found = type ?? cause?.type;
  return typeof found === 'string' ? found : undefined;
}
