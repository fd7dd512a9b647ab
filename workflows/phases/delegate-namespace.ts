import type { Activities } from '../../activities/index.js';
import type { SignatureRequest } from '../../model/ceremony.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { delegationsOf, isReverse, type MigrationPlan } from '../../model/plan.js';
import type { Explained } from '../../model/report.js';
import { nodesOf } from '../../model/plan-parts.js';

/**
 * Let the target participant sign on behalf of the namespaces of the parties that move.
 *
 * `signatures` holds those of root keys that no participant has. Additive: nothing on the source stops working. It
 * has no undo: removing a delegation is final, the same key could never be delegated to again. Source:
 * admin-api 5.2 and 5.3.
 */
export async function apply(
  plan: MigrationPlan,
  act: Activities,
  signatures: SignatureRequest[] = [],
): Promise<string[]> {
  const changed: string[] = [];
  for (const { namespace, targetKey, issuer, signer } of delegationsOf(plan)) {
    const delegation = { ...nodesOf(plan), source: issuer, namespace, targetKey };
    const { isNew } =
      signer === 'offline'
        ? await act.submitSignedDelegation({ ...delegation, ...signedBy(namespace, signatures) })
        : await act.ensureNamespaceDelegation(delegation);
    await act.loadNamespaceDelegation({
      ...delegation,
      ...(plan.abilities && { protocolVersion: protocolVersionOf(plan.target.synchronizer) }),
    });

    // A proposal's answer says only that it was accepted; the result is what the target synchronizer has.
    if (!isReverse(plan)) await act.readNamespaceDelegation(delegation);
    if (isNew) changed.push(`namespace ${namespace} delegated to key ${targetKey}`);
  }
  return changed;
}

/** Wait, once a node that was parked is connected, until its synchronizer has the delegations. */
export async function awaitVisible(plan: MigrationPlan, act: Activities): Promise<void> {
  for (const { namespace, targetKey } of delegationsOf(plan)) {
    await act.readNamespaceDelegation({ ...nodesOf(plan), namespace, targetKey });
  }
}

function signedBy(namespace: string, signatures: SignatureRequest[]) {
  const { hash, transaction, key, algorithm, provided } = signatures.find(
    (its) => its.purpose === 'namespace-delegation' && its.key.fingerprint === namespace,
  )!;
  return {
    transaction: { transaction: transaction!, hash },
    signature: { signedBy: key.fingerprint, algorithm, signature: provided!.signature },
  };
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan, { isTargetLost = false } = {}): Explained[] {
  const why = isTargetLost
    ? `a removal is final, so it is left to you: a target that is rebuilt has another key, and this one may sign for the namespace until it is revoked. Revoke it on ${plan.source.name} with the root key, in the console: topology.namespace_delegations.propose_revocation. What was signed with it stays valid`
    : 'its removal is final and would make another attempt with this key impossible; it gives the target no contracts and no parties';
  return delegationsOf(plan).map(({ namespace, targetKey }) => ({
    what: `the delegation of ${namespace} to ${targetKey}`,
    why,
  }));
}
