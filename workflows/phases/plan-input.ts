import type { MigrationPlan } from '../../model/plan.js';

/** The parts of a plan that several activities take. */
export function nodesOf(plan: MigrationPlan) {
  return {
    source: plan.source.name,
    target: plan.target.name,
    sourceUid: plan.source.uid,
    targetUid: plan.target.uid,
    /** The target synchronizer, logical id. */
    synchronizerId: plan.target.synchronizer.logicalId,
  };
}

/** Workflow ids of the contracts this migration imports start with this. A Daml ledger string. */
export function importPrefix(planHash: string): string {
  return `mig-${planHash.slice(0, 16)}`;
}

/** `1 package`, `2 packages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
