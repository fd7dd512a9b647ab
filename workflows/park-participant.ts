import type { Parked } from '../model/fence.js';
import type { ParkRequest } from '../model/steering.js';
import { endingWith } from './outcome.js';
import { activitiesAfter } from './proxies.js';

/** Parks a node whose migration has ended, and returns how it stands then. */
export async function parkParticipant(request: ParkRequest): Promise<Parked> {
  try {
    return await activitiesAfter(() => Promise.resolve()).ensureParked(request);
  } catch (error) {
    throw endingWith('fence', error);
  }
}
