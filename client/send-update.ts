import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { requireRunning } from './executions.js';

/** Runs that may go on as new ones while an update is under way. */
const MOST_TRIES = 5;

interface Update {
  name: string;
  /** The same update is applied once, however often one run is sent it. */
  updateId: string;
  input: object;
  limitMs: number;
}

/**
 * Sends an update to a migration and returns its answer; fails if the migration has ended. Temporal does not
 * find one whose run goes on as a new one just then, and nothing was applied: the new run is sent it.
 */
export async function sendUpdate<Answer>(
  client: Client,
  id: string,
  { name, updateId, input, limitMs }: Update,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await client.withDeadline(Date.now() + limitMs, () =>
        client.workflow.getHandle(id).executeUpdate<Answer, [object]>(name, { updateId, args: [input] }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || tries === MOST_TRIES) throw error;
      await requireRunning(client, id, name);
    }
  }
}
