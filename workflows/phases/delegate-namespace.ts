import type { Activities } from '../../activities/index.js';
import type { MigrationPlan } from '../../model/plan.js';
import { nodesOf } from './plan-input.js';

/**
 * Let the target participant sign on behalf of the source's namespace.
 *
 * Additive: nothing on the source stops working. It has no undo: removing a delegation is final, the same key
 * could never be delegated to again. Source: Canton facts 5.2 and 5.3.
 */
export async function apply(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const delegation = {
    ...nodesOf(plan),
    namespace: plan.source.namespace,
    targetKey: plan.target.namespaceKey,
  };
  const { isNew } = await act.ensureNamespaceDelegation(delegation);
  await act.loadNamespaceDelegation(delegation);

  // A proposal's answer says only that it was accepted; the result is what the target synchronizer has.
  await act.readNamespaceDelegation(delegation);
  return isNew
    ? [`namespace ${plan.source.namespace} delegated to key ${plan.target.namespaceKey}`]
    : [];
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan): { what: string; why: string } {
  return {
    what: `the delegation of ${plan.source.namespace} to ${plan.target.namespaceKey}`,
    why: 'its removal is final and would make another attempt with this key impossible; it gives the target no contracts and no parties',
  };
}
