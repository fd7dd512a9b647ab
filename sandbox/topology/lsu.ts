import { micros } from '../clock.js';
import type { CantonRefusal } from '../errors.js';
import type { Decoded } from '../wire.js';
import { topologyRefusal } from './refusals.js';
import type { StoredTransaction, TopologyStore } from './store.js';
import { ADD } from './transaction.js';

/** A logical synchronizer upgrade (LSU) as it is announced. Source: networks B. */
export interface LsuAnnouncement {
  readonly successor_physical_synchronizer_id: string;
  readonly upgrade_time: Decoded<'google.protobuf.Timestamp'>;
}

/** Where a sequencer answers after the upgrade. */
export interface SequencerSuccessor {
  readonly sequencer_id: string;
  readonly successor_physical_synchronizer_id: string;
  readonly connection: { readonly endpoints: readonly string[] };
}

/** An upgrade that a physical synchronizer has before it. Times: UTC, microseconds. */
export interface PendingUpgrade {
  readonly successor: string;
  readonly upgradeTime: bigint;
}

/** The logical id in a physical one, `name::fingerprint::34-0`. */
export function logicalOf(psid: string): string {
  return psid.split('::').slice(0, 2).join('::');
}

/** Whether the first physical synchronizer comes after the second one: the serial says so. */
export function isAfter(psid: string, other: string): boolean {
  const serial = (id: string) => Number(id.slice(id.lastIndexOf('-') + 1));
  return serial(psid) > serial(other);
}

/** Returns the upgrade that is announced for a physical synchronizer; one that is done stays announced. */
export function pendingUpgrade(
  store: TopologyStore,
  psid: string,
  now: bigint,
): PendingUpgrade | undefined {
  const entry = store.latest(`lsu/${logicalOf(psid)}`);
  const mapping = entry && isInForce(entry, now) ? entry.transaction.mapping : undefined;
  if (mapping?.code !== 'lsu') return undefined;
  const { successor_physical_synchronizer_id: successor, upgrade_time } = mapping.value;
  if (!isAfter(successor, psid)) return undefined;
  return { successor, upgradeTime: micros(upgrade_time) };
}

/** Returns the addresses of the sequencers of a successor, as they are announced. */
export function successorAddresses(store: TopologyStore, successor: string, now: bigint): string[] {
  return store.all('scs').flatMap((entry) => {
    const { mapping } = entry.transaction;
    if (mapping.code !== 'scs' || entry.validUntil !== undefined || !isInForce(entry, now)) return [];
    if (mapping.value.successor_physical_synchronizer_id !== successor) return [];
    return mapping.value.connection.endpoints;
  });
}

/** Refuses what would change the topology between the announcement and the upgrade. */
export function frozen(psid: string): CantonRefusal {
  const logicalId = logicalOf(psid);
  const cause = `The topology state of synchronizer ${logicalId} is frozen due to an ongoing synchronizer upgrade and no more topology changes are allowed.`;
  const metadata = { synchronizerId: logicalId };
  return topologyRefusal({ psid }, 'LSU_TOPOLOGY_FREEZE', 9, cause, metadata);
}

function isInForce({ validFrom, transaction }: StoredTransaction, now: bigint): boolean {
  return validFrom <= now && transaction.operation === ADD;
}
