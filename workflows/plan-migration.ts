import { ActivityFailure } from '@temporalio/workflow';

import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import { ending, reportedFailure } from './outcome.js';
import { activitiesAfter } from './proxies.js';

/** Returns what a migration would do, and what stands in its way. Changes nothing. */
export async function planMigration(request: MigrationRequest): Promise<HashedPlan> {
  try {
    return await activitiesAfter(() => Promise.resolve()).readPlan(request);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const failure = reportedFailure('plan', error);
    throw failure ? ending(failure.type, failure.message, failure) : error;
  }
}
