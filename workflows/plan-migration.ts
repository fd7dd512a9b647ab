import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import { refuseRequest } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/** Returns what a migration would do, and what stands in its way. Changes nothing. */
export async function planMigration(request: MigrationRequest): Promise<HashedPlan> {
  refuseRequest(request);
  try {
    return await activitiesAfter(() => Promise.resolve()).readPlan(request);
  } catch (error) {
    throw endingWith('plan', error);
  }
}
