import type { Decoded } from '../wire.js';
import { rank, type HostingParticipant, type MappingValues } from './mapping.js';
import type { StoredTransaction, TopologyStore } from './store.js';
import { ADD } from './transaction.js';

type Restriction =
  Decoded<'com.digitalasset.canton.protocol.v30.DynamicSynchronizerParameters'>['onboarding_restriction'];

/** What the synchronizer with this logical id grants. */
interface Place {
  readonly store: TopologyStore;
  readonly logicalId: string;
}

/** After everything that was ever ordered. */
export const LATEST = 2n ** 62n;

/**
 * Whether a participant that is no member may become one: an open synchronizer asks those for a permission whom it
 * restricts, a locked one takes nobody. Source: networks E.
 */
export function mayJoin(place: Place, uid: string): boolean {
  const restriction = restrictionAt(place, LATEST);
  if (restriction?.endsWith('_LOCKED')) return false;
  return !isRestricted(restriction) || permissionAt(place, uid, LATEST) !== undefined;
}

/**
 * Leaves of hosts those that the synchronizer grants anything, each with the lower one of both permissions.
 *
 * Source: networks E.
 */
export function granted(
  place: Place,
  hosts: readonly HostingParticipant[],
  time: bigint,
): HostingParticipant[] {
  const isClosed = isRestricted(restrictionAt(place, time));
  return hosts.flatMap((host) => {
    const own = permissionAt(place, host.participant_uid, time);
    if (!own) return isClosed ? [] : [host];
    const { permission = 'PARTICIPANT_PERMISSION_UNSPECIFIED' } = own;
    return rank(permission) < rank(host.permission) ? [{ ...host, permission }] : [host];
  });
}

/** Whether a participant may not use the synchronizer yet: its permission begins later than now. Source: networks E. */
export function isLoginAhead(place: Place, uid: string): boolean {
  const after = permissionAt(place, uid, LATEST)?.login_after;
  return after !== undefined && BigInt(after) > BigInt(Date.now()) * 1000n;
}

function isRestricted(restriction: Restriction): boolean {
  return restriction?.startsWith('ONBOARDING_RESTRICTION_RESTRICTED') === true;
}

function restrictionAt({ store, logicalId }: Place, time: bigint): Restriction {
  const mapping = inForce(store, `dop/${logicalId}`, time)?.transaction.mapping;
  if (mapping?.code !== 'dop') return undefined;
  return mapping.value.synchronizer_parameters?.onboarding_restriction;
}

function permissionAt(
  { store, logicalId }: Place,
  uid: string,
  time: bigint,
): MappingValues['pdp'] | undefined {
  const mapping = inForce(store, `pdp/${logicalId}/${uid}`, time)?.transaction.mapping;
  return mapping?.code === 'pdp' ? mapping.value : undefined;
}

function inForce(store: TopologyStore, key: string, time: bigint): StoredTransaction | undefined {
  const last = store.history(key).findLast((one) => !one.isProposal && one.validFrom <= time);
  return last?.transaction.operation === ADD ? last : undefined;
}
