import type { Parked } from '../model/source-watch.js';
import type { ParkRequest } from '../model/steering.js';
import { claim } from './claims.js';
import { malformedStart, quoted, refuseRepeatedStarts, refuseRequest } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/** Parks a node whose migration has ended, and returns how it stands then. */
export async function parkParticipant(request: ParkRequest): Promise<Parked> {
  refuseRepeatedStarts();
  refuseParkRequest(request);
  try {
    const act = activitiesAfter(() => Promise.resolve());
    const { sourceUid, targetUid } = await act.readNodesToPark(request);
    await claim({ name: request.participant, uid: sourceUid }, 'node to park', act);
    await claim({ name: request.servedBy, uid: targetUid }, 'node that serves', act);
    return await act.ensureParked(request);
  } catch (error) {
    throw endingWith('watch', error);
  }
}

function refuseParkRequest(request: ParkRequest): void {
  refuseRequest(request, ['participant', 'servedBy', 'by']);
  const { force }: { force?: unknown } = request;
  if (force !== undefined && typeof force !== 'boolean')
    throw malformedStart(`force: found ${quoted(force)}, expected true or false`);
}
