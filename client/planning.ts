import type { Client } from '@temporalio/client';

import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import { PLAN_WORKFLOW } from '../model/steering.js';
import { requestProblems } from '../model/validation.js';
import { RefusedError, RequestInvalidError } from './errors.js';
import { runWorkflow } from './run-workflow.js';

/** Fails with what is wrong with a request, without asking anybody. */
export function requireValid(request: MigrationRequest): void {
  const problems = requestProblems(request);
  if (problems.length > 0) throw new RequestInvalidError(problems);
}

/** Returns what a migration would do. Needs a worker; changes nothing. */
export function runPlan(
  temporal: Client,
  taskQueue: string,
  request: MigrationRequest,
): Promise<HashedPlan> {
  return runWorkflow<HashedPlan>(temporal, {
    type: PLAN_WORKFLOW,
    input: request,
    taskQueue,
    idStart: `plan-migration/${request.source}`,
    staticSummary: `Plan the migration of ${request.source} to ${request.target}`,
  });
}

/** Fails if a plan has obstacles, or is not the one that was seen: the one with `planHash`, if given. */
export function requireStartable(planned: HashedPlan, planHash: string | undefined): void {
  const { plan, hash } = planned;
  if (plan.obstacles.length > 0) {
    const named = plan.obstacles.map(({ type, what }) => `${type}: ${what}`).join('\n');
    throw new RefusedError('PlanObstructed', named, planned);
  }
  if (planHash !== undefined && planHash !== hash) {
    throw new RefusedError('PlanChanged', `the plan is now ${hash}, expected ${planHash}`, planned);
  }
}
