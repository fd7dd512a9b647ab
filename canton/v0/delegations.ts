import { fromBinary } from '@bufbuild/protobuf';

import type { NamespaceDelegation, SignedDelegation, TopologyStore } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import {
  TopologyChangeOp,
  TopologyTransactionSchema,
} from '../gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { unwrapSigned, unwrapped } from './encoding.js';
import { queryOf, storeIdOf } from './stores.js';

/**
 * Returns the delegations in effect in a store, of one namespace or of all, as the participant has them or, with
 * `protocolVersion`, as it signs them for a domain of that one: it needs the keys that signed them. Source: canton-2.10 3.
 */
export async function delegationRows(
  channel: Channel,
  store: TopologyStore,
  namespace: string,
  protocolVersion?: number,
): Promise<SignedDelegation[]> {
  const storeId = storeIdOf(store);
  const method = TopologyManagerReadService.method.listNamespaceDelegation;
  const { results } = await channel.unary(method, {
    baseQuery: {
      ...queryOf(storeId),
      ...(protocolVersion !== undefined && { protocolVersion: `${protocolVersion}` }),
    },
    filterNamespace: namespace,
  });
  return results.flatMap(({ context, item, targetKeyFingerprint: targetKey }) => {
    if (context?.store !== storeId || context.operation !== TopologyChangeOp.Add || !item) return [];
    if (namespace !== '' && item.namespace !== namespace) return [];
    const restriction = item.isRootDelegation
      ? ('CanSignAllMappings' as const)
      : ('CanSignAllButNamespaceDelegations' as const);
    return {
      delegation: { namespace: item.namespace, targetKey, restriction, serial: 0 },
      signed: context.serialized,
      signedBy: [context.signedByFingerprint],
    };
  });
}

/**
 * Returns one delegation for each key, the stronger: one that is there in two encodings, or was issued twice, is two rows.
 */
export function effectiveOf(delegations: readonly NamespaceDelegation[]): NamespaceDelegation[] {
  const found = new Map<string, NamespaceDelegation>();
  for (const its of delegations) {
    const key = `${its.namespace} ${its.targetKey}`;
    if (found.get(key)?.restriction !== 'CanSignAllMappings') found.set(key, its);
  }
  return [...found.values()];
}

/** Whether a delegation is in effect in the authorized store, as exactly these bytes. */
export async function isInEffect(channel: Channel, serialized: Uint8Array): Promise<boolean> {
  const { transaction } = unwrapSigned(serialized);
  const { case: kind, value } = fromBinary(
    TopologyTransactionSchema,
    unwrapped(transaction),
  ).transaction;
  if (kind !== 'stateUpdate' || value.mapping.case !== 'namespaceDelegation')
    throw new Error('what is loaded into a participant of Canton 2.10 is delegations');
  const rows = await delegationRows(channel, 'authorized', value.mapping.value.namespace);
  return rows.some((row) => Buffer.from(unwrapSigned(row.signed).transaction).equals(transaction));
}
