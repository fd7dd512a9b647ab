import { setTimeout } from 'node:timers/promises';

import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { shown } from '../model/shown-text.js';
import { MigrationError } from './errors.js';
import { requireRunning } from './executions.js';

/** Runs that may go on as new ones while an update is under way. */
const MOST_TRIES = 5;
const POLL_MS = 500;

/**
 * gRPC: what Temporal answers while the worker that had the migration is gone or replays it. It does not keep an update
 * that no worker has accepted: failed precondition (its workflow task fails just then), aborted, unavailable.
 */
const PASSING = new Set([9, 10, 14]);

interface Update {
  name: string;
  /** The same update is applied once, however often one run is sent it. */
  updateId: string;
  input: object;
  limitMs: number;
}

/**
 * Sends an update to a migration and returns its answer; fails if the migration has ended. It is sent again, under the
 * same id, until its time is over, where Temporal dropped it; and where the run went on as a new one just then.
 */
export async function sendUpdate<Answer>(
  client: Client,
  id: string,
  { name, updateId, input, limitMs }: Update,
): Promise<Answer> {
  const deadline = Date.now() + limitMs;
  for (let continued = 1; ;) {
    try {
      return await client.withDeadline(deadline, () =>
        client.workflow.getHandle(id).executeUpdate<Answer, [object]>(name, { updateId, args: [input] }),
      );
    } catch (error) {
      const dropped = dropOf(error);
      if (dropped !== undefined) {
        if (Date.now() + POLL_MS >= deadline) throw notTaken(name, dropped, error);
        await setTimeout(POLL_MS);
        continue;
      }
      if (!(error instanceof WorkflowNotFoundError) || continued === MOST_TRIES) throw error;
      continued += 1;
      await requireRunning(client, id, name);
    }
  }
}

/** Why an update was dropped without having been applied, in words of Temporal; undefined for any other failure. */
function dropOf(error: unknown): string | undefined {
  const { cause } = error instanceof ServiceError ? error : {};
  return isGrpcServiceError(cause) && PASSING.has(cause.code) ? cause.details : undefined;
}

function notTaken(name: string, why: string, cause: unknown): MigrationError {
  return new MigrationError(
    'unexpected',
    'UpdateNotTaken',
    `no worker took the ${name}, and nothing came of it: Temporal says: ${shown(why)}`,
    'see in the log of the worker why the migration does not go on there, then repeat the command',
    { cause },
  );
}
