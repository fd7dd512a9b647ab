import type { FencedAlias } from '../model/fence.js';
import type { ParkRequest } from '../model/steering.js';
import { endingWith } from './outcome.js';
import { activitiesAfter } from './proxies.js';

/** Parks a node whose migration has ended, and returns how its aliases stand then. */
export async function parkParticipant(request: ParkRequest): Promise<FencedAlias[]> {
  try {
    return await activitiesAfter(() => Promise.resolve()).ensureParked(request);
  } catch (error) {
    throw endingWith('fence', error);
  }
}
