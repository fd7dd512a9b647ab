import type { Client } from '@temporalio/client';

import { cureOfTaken, describeTaken } from '../model/claim.js';
import type { HashedPlan } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import { shown } from '../model/shown-text.js';
import { PLAN_WORKFLOW } from '../model/steering.js';
import { requestProblems } from '../model/validation.js';
import { MigrationError, RefusedError, RequestInvalidError } from './errors.js';
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

/** Fails if a migration that is still open has a node of the plan. */
export function requireFree({ taken = [] }: HashedPlan): void {
  const [first] = shown(taken);
  if (!first) return;
  const message = shown(taken).map(describeTaken).join('\n');
  throw new MigrationError('refused', 'MigrationOpen', message, cureOfTaken(first));
}

/** Fails if a plan has obstacles, or is not the one that was seen: the one with `planHash`, if given. */
export function requireStartable(planned: HashedPlan, planHash: string | undefined): void {
  const { plan, hash } = planned;
  if (planHash !== undefined && !/^[0-9a-f]{64}$/.test(planHash)) {
    const message = `--plan-hash: found ${shown(planHash)}, which is no hash of a plan, expected ${hash}`;
    throw new MigrationError('usage', 'PlanHashMismatch', message, 'canton-migrate plan');
  }
  if (plan.obstacles.length > 0) {
    const named = plan.obstacles.map(({ type, what }) => `${type}: ${what}`).join('\n');
    throw new RefusedError('PlanObstructed', named, planned);
  }
  if (planHash !== undefined && planHash !== hash) {
    throw new RefusedError('PlanChanged', `the plan is now ${hash}, expected ${planHash}`, planned);
  }
}
