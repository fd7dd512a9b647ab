import assert from 'node:assert/strict';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';

import { StepFailure, type FailureKind } from '../../model/failure.js';

/** Checks a failure of an activity or of a phase itself: its name, who has to act, and what it mentions. */
export function failing(type: string, kind: FailureKind, ...mentioned: string[]) {
  return (thrown: unknown): true => {
    const error = thrown instanceof ActivityFailure ? thrown.cause : thrown;
    assert.ok(error instanceof ApplicationFailure || error instanceof StepFailure, String(error));
    const found = error instanceof StepFailure ? error.kind : kindOf(error);
    assert.deepEqual({ type: error.type, kind: found }, { type, kind }, error.message);
    for (const text of mentioned) assert.ok(error.message.includes(text), error.message);
    return true;
  };
}

function kindOf({ details }: ApplicationFailure): unknown {
  const [detail] = details as ({ kind: FailureKind } | undefined)[];
  return detail?.kind;
}
