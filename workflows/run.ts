import type { Activities } from '../activities/index.js';
import type { LiveRecord } from '../model/live.js';
import type { Migration } from '../model/migration.js';
import type { HashedPlan, LivePlan, MigrationPlan } from '../model/plan.js';

/** What a step works on: the plan, what the migration knows of itself by now, and what it can do. */
export interface Run<Plan extends MigrationPlan = MigrationPlan> {
  readonly planned: HashedPlan<Plan>;
  readonly plan: Plan;
  readonly migration: Migration;
  readonly act: Activities;
}

/** Runs `work`, and ends it early, with nothing returned, once something is so. */
export type Unless = <T>(isSo: () => boolean, work: () => Promise<T>) => Promise<T | undefined>;

/** The same on the route `live`. */
export interface LiveRun extends Run<LivePlan> {
  readonly live: LiveRecord;
  /** Absent where nobody hands anything in meanwhile. */
  readonly unless?: Unless;
}
