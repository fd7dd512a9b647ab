import type { Authority } from './authority.js';
import { decentralizedNamespace, fingerprint } from '../crypto.js';
import { rank, type Mapping, type MappingOf } from './mapping.js';
import {
  invalidSignature,
  removalDiffers,
  serialMismatch,
  topologyRefusal,
  unauthorized,
  type StoreName,
} from './refusals.js';
import type { TopologyStore } from './store.js';
import {
  ADD,
  isSameMapping,
  REMOVE,
  restricted,
  signers,
  type SignedTransaction,
  type TopologyTransaction,
} from './transaction.js';

/** The store a transaction is validated against. */
export interface Validating extends StoreName {
  readonly store: TopologyStore;
  readonly authority: Authority;
}

/** What an operator forces; the numbers are those of `ForceFlag`. */
export type Forces = ReadonlySet<string>;

/**
 * Validates a transaction against a store and returns it as it would be stored: with the signatures known
 * already, without those of keys that have no say in it, and as a proposal or not by what they suffice for. Throws the
 * refusal Canton would answer.
 */
export function admit(
  against: Validating,
  signed: SignedTransaction,
  forces: Forces,
): SignedTransaction {
  const merged = against.store.withKnownSignatures(signed);
  const { transaction } = merged;
  const { isGenuine, valid } = against.authority.verify(merged);
  if (!isGenuine) throw invalidSignature(against);
  const isAuthorized = against.authority.isAuthorized(transaction, valid);
  if (!isAuthorized && (!signed.isProposal || valid.size === 0)) throw unauthorized(against);

  checkSerial(against, transaction);
  if (transaction.operation === ADD) {
    checkMapping(against, transaction.mapping, forces);
    if (against.psid !== undefined) checkMembership(against, transaction);
  }
  const latest = against.store.latest(transaction.key);
  const known = latest?.transaction.id === transaction.id ? signers(latest) : [];
  const kept = restricted(merged, (signer) => valid.has(signer) || known.includes(signer));
  return { transaction, ...kept, isProposal: !isAuthorized };
}

function checkSerial(against: Validating, transaction: TopologyTransaction): void {
  const latest = against.store.latest(transaction.key)?.transaction;
  if (latest?.id === transaction.id) return;
  if (transaction.operation === REMOVE) {
    if (!latest || latest.operation === REMOVE) {
      const cause =
        'There is no active topology transaction matching the mapping of the revocation request';
      throw topologyRefusal(against, 'NO_CORRESPONDING_ACTIVE_TX_TO_REVOKE', 9, cause);
    }
    if (!isSameMapping(latest.mapping, transaction.mapping)) {
      throw removalDiffers(transaction.mapping, latest.mapping);
    }
  }
  const expected = (latest?.serial ?? 0) + 1;
  if (transaction.serial !== expected) throw serialMismatch(against, transaction.serial, expected);
}

function checkMapping(against: Validating, mapping: Mapping, forces: Forces): void {
  if (mapping.code === 'ptp') checkThreshold(against, mapping, forces);
  if (mapping.code === 'nsd') {
    const { namespace, target_key: key } = mapping.value;
    if (!key.usage.includes('SIGNING_KEY_USAGE_NAMESPACE')) {
      const cause = `The key ${fingerprint(key.public_key)} must include a Namespace usage`;
      throw topologyRefusal(against, 'INVALID_MAPPING', 8, cause);
    }
    if (against.store.latest(`dnd/${namespace}`)) throw namespaceInUse(against, namespace);
  }
  if (mapping.code === 'dnd') {
    const namespace = mapping.value.decentralized_namespace;
    const isKnown = against.store.latest(`dnd/${namespace}`) !== undefined;
    if (!isKnown && namespace !== decentralizedNamespace(mapping.value.owners)) {
      throw topologyRefusal(
        against,
        'INVALID_MAPPING',
        8,
        `The namespace ${namespace} is not that of its owners`,
      );
    }
    if (against.store.latest(`nsd/${namespace}/${namespace}`)) throw namespaceInUse(against, namespace);
  }
}

function namespaceInUse(against: Validating, namespace: string): Error {
  const cause = `The namespace ${namespace} is already in use by another entity.`;
  return topologyRefusal(against, 'NAMESPACE_ALREADY_IN_USE', 10, cause, { namespace });
}

function checkThreshold(against: Validating, { value }: MappingOf<'ptp'>, forces: Forces): void {
  const confirming = value.participants.filter((host) => rank(host.permission) >= 2).length;
  const threshold = value.threshold ?? 0;
  const isForced = forces.has('FORCE_FLAG_ALLOW_CONFIRMING_THRESHOLD_CANNOT_BE_MET');
  if (threshold > Math.max(confirming, 1) && value.participants.length > 0 && !isForced) {
    const cause = `Tried to set a confirming threshold (${threshold}) above the number of hosting nodes (${confirming}) for party ${value.party}`;
    const metadata = { partyId: value.party, threshold: String(threshold) };
    throw topologyRefusal(against, 'CONFIRMING_THRESHOLD_CANNOT_BE_REACHED', 10, cause, metadata);
  }
  const keys = value.party_signing_keys;
  if (keys && (keys.threshold ?? 0) > keys.keys.length) {
    const cause = `Tried to set a signing threshold (${keys.threshold ?? 0}) above the number of signing keys (${keys.keys.length})`;
    throw topologyRefusal(against, 'SIGNING_THRESHOLD_CANNOT_BE_REACHED', 10, cause);
  }
}

/** What only a synchronizer refuses: it knows who its members are. */
function checkMembership(against: Validating, transaction: TopologyTransaction): void {
  const { mapping } = transaction;
  const latest = against.store.latest(transaction.key)?.transaction;
  if (mapping.code === 'nsd' && latest?.operation === REMOVE) {
    const cause = `The namespace ${mapping.value.namespace} has been revoked.`;
    const metadata = { namespace: mapping.value.namespace };
    throw topologyRefusal(against, 'NAMESPACE_HAS_BEEN_REVOKED', 10, cause, metadata);
  }
  if (mapping.code === 'ptp') checkHosts(against, mapping);
  if (mapping.code === 'dtc') checkOnboarding(against, mapping, latest);
}

function checkHosts(against: Validating, { value }: MappingOf<'ptp'>): void {
  const isSelfHosted =
    value.participants.length === 1 && value.participants[0]?.participant_uid === value.party;
  if (!isSelfHosted && isMember(against, value.party)) {
    const cause = `Tried to allocate party ${value.party} with the same UID as an already existing admin party.`;
    const metadata = { partyId: value.party };
    throw topologyRefusal(against, 'PARTY_ID_CONFLICT_WITH_ADMIN_PARTY', 10, cause, metadata);
  }
  const uids = value.participants.map((host) => host.participant_uid);
  const unknown = uids.filter((uid) => !isMember(against, uid)).map((uid) => `PAR::${uid}`);
  if (unknown.length > 0) {
    const cause = `Members ${unknown.join(', ')} are unknown.`;
    throw topologyRefusal(against, 'UNKNOWN_MEMBERS', 11, cause, {
      members: `List(${unknown.join(', ')})`,
    });
  }
  const keyless = uids.filter(
    (uid) => against.store.latest(`otk/PAR::${uid}`)?.transaction.operation !== ADD,
  );
  if (keyless.length > 0) {
    const cause = `Members ${keyless.join(', ')} are missing a signing key or an encryption key or both.`;
    throw topologyRefusal(against, 'INSUFFICIENT_KEYS', 9, cause, { members: keyless.join(', ') });
  }
}

function isMember(against: Validating, uid: string): boolean {
  const synchronizer = (against.psid ?? '').split('::').slice(0, 2).join('::');
  return against.store.latest(`dtc/${uid}/${synchronizer}`)?.transaction.operation === ADD;
}

function checkOnboarding(
  against: Validating,
  { value }: MappingOf<'dtc'>,
  latest: TopologyTransaction | undefined,
): void {
  const uid = value.participant_uid;
  if (latest?.operation === REMOVE) {
    const cause = `Member PAR::${uid} tried to rejoin a synchronizer which it had previously left.`;
    throw topologyRefusal(against, 'MEMBER_CANNOT_REJOIN_SYNCHRONIZER', 9, cause);
  }
  const party = against.store.latest(`ptp/${uid}`)?.transaction;
  if (party?.operation === ADD && party.mapping.code === 'ptp') {
    const isSelfHosted = party.mapping.value.participants.every((host) => host.participant_uid === uid);
    if (isSelfHosted) return;
    const cause = `Tried to onboard participant ${uid} with the same UID as an already existing party.`;
    throw topologyRefusal(against, 'PARTICIPANT_ID_CONFLICT_WITH_PARTY', 10, cause, {
      participantId: uid,
    });
  }
}
