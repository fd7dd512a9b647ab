import type { SigningPublicKey } from '../crypto.js';
import type { MappingCode } from './mapping.js';
import type { TopologyStore } from './store.js';
import { ADD } from './transaction.js';

/** The keys that sign submissions of a party, and how many of them have to. */
export interface PartyKeys {
  readonly keys: readonly SigningPublicKey[];
  readonly threshold: number;
}

/**
 * Finds the keys of a party that are in effect at a time, UTC, microseconds: those in the mapping of its hosts, or else those
 * of a mapping of their own, as earlier external parties have. Source: networks C; proto PartyToKeyMapping.
 */
export function partyKeys(store: TopologyStore, party: string, time: bigint): PartyKeys | undefined {
  const hosted = inEffect(store, 'ptp', party, time);
  const own = hosted?.code === 'ptp' ? hosted.value.party_signing_keys : undefined;
  if (own) return { keys: own.keys, threshold: own.threshold ?? 1 };
  const mapped = inEffect(store, 'ptk', party, time);
  if (mapped?.code !== 'ptk') return undefined;
  return { keys: mapped.value.signing_keys, threshold: mapped.value.threshold ?? 1 };
}

function inEffect(store: TopologyStore, code: MappingCode, party: string, time: bigint) {
  const last = store
    .history(`${code}/${party}`)
    .findLast((one) => !one.isProposal && one.validFrom <= time);
  return last?.transaction.operation === ADD ? last.transaction.mapping : undefined;
}
