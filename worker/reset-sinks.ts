import { setTimeout as delay } from 'node:timers/promises';

import type { InjectedSinks, NativeConnection } from '@temporalio/worker';

import { TAKE_OVER_UPDATE } from '../model/steering.js';

const TRIES = 6;
const FIRST_PAUSE_MS = 500;
/** `temporal.api.enums.v1.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED`. */
const ACCEPTED = 2;

interface Run {
  workflowId: string;
  runId: string;
}

/** What a run that Temporal's Reset began is told by the worker that looks at it first: see `workflows/reset.ts`. */
export function resetSinks(
  connection: NativeConnection,
  namespace: string,
): InjectedSinks<{ reset: { begun(): void } }> {
  // Not awaited: the run takes it once the worker has ended the task that it was found in.
  const fn = ({ workflowId, runId }: Run) => void tell(connection, namespace, { workflowId, runId });
  return { reset: { begun: { fn, callDuringReplay: false } } };
}

async function tell(connection: NativeConnection, namespace: string, run: Run): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    await delay(tries === 0 ? 0 : FIRST_PAUSE_MS * 2 ** tries);
    try {
      await connection.workflowService.updateWorkflowExecution({
        namespace,
        workflowExecution: run,
        waitPolicy: { lifecycleStage: ACCEPTED },
        request: {
          meta: { updateId: `${TAKE_OVER_UPDATE}/${run.runId}`, identity: 'worker' },
          input: { name: TAKE_OVER_UPDATE },
        },
      });
      return;
    } catch {
      // It is told again by its next step, which the worker refuses.
    }
  }
}
