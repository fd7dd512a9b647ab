import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../activities/participant.js';
import type { MigrationPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { attempt } from './attempt.js';
import { SPOOL_KEY } from './spool-key.js';
import { REQUEST, type Stack } from './stack.js';

/** Answers that replace those of a participant, by client and method. */
export type Pretended = Partial<{ [K in keyof Participant]: Partial<Participant[K]> }>;

/** The plan as a worker makes it to which the nodes look a little different than to the sandbox. */
export async function planWith(
  { participants }: Pick<Stack, 'participants'>,
  changed: Record<string, Pretended>,
  request = REQUEST,
): Promise<MigrationPlan> {
  const pretending = [...participants].map(([name, participant]): [string, Participant] => {
    const clients = Object.entries(changed[name] ?? {}).map(([client, methods]) => [
      client,
      Object.assign(Object.create(participant[client as 'health']) as object, methods),
    ]);
    return [name, { ...participant, ...(Object.fromEntries(clients) as object) }];
  });
  return planOf(new Map(pretending), request);
}

/** The plan as a worker makes it that knows these participants. */
export async function planOf(
  participants: ReadonlyMap<string, Participant>,
  request: MigrationRequest,
): Promise<MigrationPlan> {
  const activities = createActivities({ participants, spool: { folder: '', key: SPOOL_KEY } });
  const { plan } = await attempt(activities, 'readPlan', request).result;
  return plan;
}
