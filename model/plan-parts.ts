import type { NodeRef, Permission } from './participant.js';
import { isLive, movedParties, type HashedPlan, type MigrationPlan } from './plan.js';
import { partiesOf, type PartiesOf, type ViewOf } from './plan-parties.js';

/** The parts of a plan that several activities take. */
export function nodesOf(plan: MigrationPlan) {
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    /** The target synchronizer, logical id. */
    synchronizerId: plan.target.synchronizer.logicalId,
  };
}

/** The parties that move, each with what the source may do for it and the target is to. */
export function wantedOf<Plan extends PartiesOf>(plan: Plan): ViewOf<Plan, 'wanted'> {
  return partiesOf(plan, 'wanted');
}

/**
 * What the target synchronizer has to grant the target: what the parties need that move. On the live route the target
 * shows by pinging itself that it has caught up, for which it takes SUBMISSION. Source: networks E.
 */
export function neededOf(plan: MigrationPlan): Permission {
  return isLive(plan) ? 'submission' : plan.needs;
}

/** Every party of the source on its synchronizer. */
export function sourcePartiesOf<Plan extends MigrationPlan>(plan: Plan) {
  return {
    source: refOf(plan.source),
    synchronizerId: plan.source.synchronizer.logicalId,
    moved: wantedOf(plan),
    left: partiesOf(plan, 'staying'),
  };
}

/** From when on contracts of the parties must not have left the synchronizer of the source. */
export function reassignmentsOf<Plan extends MigrationPlan>({ plan, plannedOffset }: HashedPlan<Plan>) {
  return {
    source: refOf(plan.source),
    parties: movedParties(plan),
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    plannedOffset,
  };
}

/** A node as activities take it: by its uid, whatever a worker calls by its name. */
export function refOf({ name, uid }: NodeRef): NodeRef {
  return { name, uid };
}

/** Workflow ids of the contracts this migration imports start with this. A Daml ledger string. */
export function importPrefix(planHash: string): string {
  return `mig-${planHash.slice(0, 16)}`;
}
