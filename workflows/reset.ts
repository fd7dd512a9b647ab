import {
  defineUpdate,
  proxySinks,
  setHandler,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptors,
} from '@temporalio/workflow';

import type { Migration } from '../model/migration.js';
import { MIGRATE_WORKFLOW, TAKE_OVER_UPDATE } from '../model/steering.js';
import { rejection } from './steering/edge.js';

/** What a worker does for its workflows beside their activities. */
export interface ResetSinks extends Sinks {
  reset: {
    /** Sends the run the update by which it takes over. */
    begun(): void;
  };
}

const { reset } = proxySinks<ResetSinks>();

const takeOver = defineUpdate<void>(TAKE_OVER_UPDATE);

/**
 * Whether Temporal's Reset began this run. It is so from its first event on, also in the part that it repeats
 * of another run: what it does in that part must not depend on it, or it would not be that part.
 */
export function isReset(): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId;
}

/**
 * Lets the worker tell a run that it was begun by Reset, as soon as the part that it repeats is over. An update:
 * one that is refused leaves no trace, so the part that is repeated never has one.
 */
export function attendReset(migration: Migration): void {
  setHandler(takeOver, () => void (migration.isResetFound = true), {
    validator: () => {
      if (!isReset()) throw rejection('NotHere', 'this run was not begun by Reset');
    },
    description: "of the worker: this run was begun by Temporal's Reset",
  });
}

/** Of a run that has ended, which nobody resets from within. */
export function leaveReset(): void {
  setHandler(takeOver, undefined);
}

/**
 * Refuses what operators ask of a run that was begun by Reset, also what Temporal sends it anew. Only for
 * validators, which do not run for what the repeated part has.
 */
export function refuseReset(migration: Migration): void {
  if (!migration.isReset) return;
  throw rejection(
    'RunReset',
    "this run was begun by Temporal's Reset: it changes nothing, and first finds out what was done before it. Check it in a moment: canton-migrate status",
  );
}

/**
 * Has a run that was begun by Reset told so as soon as a worker looks at it; the SDK bundles it by this name.
 *
 * Nothing in its history says it, and one at a gate, or stopped, would wait for an operator with what it
 * repeats of another run.
 */
export function interceptors(): WorkflowInterceptors {
  let isTold = false;
  return {
    internals: [
      {
        activate(input, next) {
          next(input);
          const { unsafe, workflowType } = workflowInfo();
          if (isTold || unsafe.isReplaying || workflowType !== MIGRATE_WORKFLOW || !isReset()) return;
          isTold = true;
          reset.begun();
        },
      },
    ],
  };
}
