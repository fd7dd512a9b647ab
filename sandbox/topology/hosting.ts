import type { PartyAuthorization } from '../ledger/entry.js';
import { granted } from './grants.js';
import type { HostingParticipant } from './mapping.js';
import type { StoredTransaction, TopologyStore } from './store.js';
import { ADD } from './transaction.js';

const ADMIN = 'PARTICIPANT_PERMISSION_SUBMISSION';

/**
 * Lists the hosts of a party that are in effect at a time, UTC, microseconds, with what the synchronizer grants them; an
 * admin party is hosted by its node.
 */
export function hostsAt(
  store: TopologyStore,
  { party, logicalId }: { readonly party: string; readonly logicalId: string },
  time: bigint,
): readonly HostingParticipant[] {
  const entry = mappedAt(store, party, time);
  const mapped =
    entry?.transaction.operation === ADD ? entry : store.latest(`dtc/${party}/${logicalId}`);
  return granted({ store, logicalId }, hostsOf(mapped), time);
}

/** How many hosts of a party have to confirm, at a time, UTC, microseconds. */
export function thresholdAt(store: TopologyStore, party: string, time: bigint): number {
  const mapping = mappedAt(store, party, time)?.transaction.mapping;
  return mapping?.code === 'ptp' ? (mapping.value.threshold ?? 0) : 1;
}

function mappedAt(store: TopologyStore, party: string, time: bigint): StoredTransaction | undefined {
  return store.history(`ptp/${party}`).findLast((one) => !one.isProposal && one.validFrom <= time);
}

/** From this protocol version on the events of a party tell of the flag of an onboarding host. Source: networks A, item A2. */
const SHOWS_ONBOARDING = 35;

/**
 * Tells what a mapping changes for the hosts of a party, compared with what was there before. A host with the flag is
 * onboarding, and is added when the flag is cleared; with protocol version 34 the flag does not show, and the host is
 * added with its activation. Source: live-route 2; networks A, item A2.
 */
export function authorizations(
  before: StoredTransaction | undefined,
  entry: StoredTransaction,
  protocolVersion: number,
): PartyAuthorization[] {
  const { mapping } = entry.transaction;
  if (mapping.code !== 'ptp' && mapping.code !== 'dtc') return [];
  const party = mapping.code === 'ptp' ? mapping.value.party : mapping.value.participant_uid;
  const old = new Map(hostsOf(before).map((host) => [host.participant_uid, host]));
  const isFlagged = (host: HostingParticipant | undefined) =>
    protocolVersion >= SHOWS_ONBOARDING && host?.onboarding !== undefined;
  const events: PartyAuthorization[] = [];
  for (const host of hostsOf(entry)) {
    const { participant_uid: participantUid, permission } = host;
    const known = old.get(participantUid);
    old.delete(participantUid);
    const isCleared = isFlagged(known) && !isFlagged(host);
    if (known?.permission === permission && !isCleared) continue;
    const event = { party, participantUid, permission };
    if (known && !isCleared) events.push({ ...event, kind: 'changed' });
    else events.push({ ...event, kind: isFlagged(host) ? 'onboarding' : 'added' });
  }
  for (const participantUid of old.keys()) {
    events.push({ party, participantUid, permission: undefined, kind: 'revoked' });
  }
  return events;
}

function hostsOf(entry: StoredTransaction | undefined): readonly HostingParticipant[] {
  if (!entry || entry.transaction.operation !== ADD) return [];
  const { mapping } = entry.transaction;
  if (mapping.code === 'ptp') return mapping.value.participants;
  if (mapping.code !== 'dtc') return [];
  return [{ participant_uid: mapping.value.participant_uid, permission: ADMIN }];
}
