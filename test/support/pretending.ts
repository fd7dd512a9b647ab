import { createActivities } from '../../activities/index.js';
import type {
  Participant,
  ParticipantAccess,
  ParticipantReads,
} from '../../model/participant-access.js';
import type { MigrationPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { attempt } from './attempt.js';
import { SPOOL_KEY } from './spool-key.js';
import { REQUEST, type Stack } from './stack.js';

/** Answers that replace those of a participant, by client and method. */
export type Pretended = Partial<{ [K in keyof Participant]: Partial<Participant[K]> }>;

/** The plan as a worker makes it to which the nodes look a little different than to the sandbox. */
export async function planWith(
  { nodes }: Pick<Stack, 'nodes'>,
  changed: Record<string, Pretended>,
  request = REQUEST,
): Promise<MigrationPlan> {
  const pretending = [...nodes].map(([name, node]) => [name, pretended(node, changed[name])] as const);
  return planOf(new Map(pretending), request);
}

/** The same participant with other answers, whether it is read or changed. */
export function pretended(access: ParticipantAccess, answers: Pretended = {}): ParticipantAccess {
  function overlaid<Clients extends ParticipantReads>(clients: Clients): Clients {
    const changed = Object.entries(answers).map(([client, methods]) => [
      client,
      Object.assign(Object.create(clients[client as 'health']) as object, methods),
    ]);
    return { ...clients, ...(Object.fromEntries(changed) as object) };
  }
  return {
    name: access.name,
    // What it pretends may be another uid.
    reading: () => overlaid(access.reading()),
    changing: (uid, fence) => overlaid(access.changing(uid, fence)),
    close: () => access.close(),
  };
}

/** The plan as a worker makes it that knows these participants. */
export async function planOf(
  participants: ReadonlyMap<string, ParticipantAccess>,
  request: MigrationRequest,
): Promise<MigrationPlan> {
  const activities = createActivities({ participants, spool: { folder: '', key: SPOOL_KEY } });
  const { plan } = await attempt(activities, 'readPlan', request).result;
  return plan;
}
