import { fingerprint } from '../crypto.js';
import { CantonRefusal, shortenIds, type Category } from '../errors.js';
import type {
  Mapping,
  MappingValues,
  NamespaceDelegation,
  PartyToParticipant,
  Permission,
} from './mapping.js';
import type { Requirement } from './authority.js';
import { referenced } from './authority.js';

/** The store an error speaks of: a synchronizer's is named in the metadata. */
export interface StoreName {
  /** Absent for an Authorized store. */
  readonly psid?: string | undefined;
}

/** Makes a topology error with the metadata every one of them has; ids are shortened. */
export function topologyRefusal(
  store: StoreName,
  id: string,
  category: Category,
  cause: string,
  metadata: Record<string, string> = {},
): CantonRefusal {
  const all: Record<string, string> =
    store.psid === undefined ? { ...metadata } : { ...metadata, psid: store.psid };
  for (const [key, value] of Object.entries(all)) all[key] = shortenIds(value);
  return new CantonRefusal({ id: `TOPOLOGY_${id}`, category, cause: shortenIds(cause), metadata: all });
}

/** The same mapping is stored, and this node has no further key to add. */
export function alreadyExists(
  store: StoreName,
  existing: Mapping,
  keys: readonly string[],
): CantonRefusal {
  const cause = 'A matching topology mapping authorized with the same keys already exists in this state';
  const metadata = { existing: describe(existing), keys: `Set(${keys.join(', ')})` };
  return topologyRefusal(store, 'MAPPING_ALREADY_EXISTS', 10, cause, metadata);
}

/** A removal has to repeat what it removes. */
export function removalDiffers(given: Mapping, stored: Mapping): CantonRefusal {
  const [actual, expected] = [describe(given), describe(stored)];
  const cause = `REMOVE must not change the topology mapping:\nactual: ${actual}\nexpected: ${expected}`;
  return topologyRefusal({}, 'REMOVE_MUST_NOT_CHANGE_MAPPING', 9, cause, { actual, expected });
}

/** The request names another serial than the next one. */
export function serialMismatch(store: StoreName, actual: number, expected: number): CantonRefusal {
  const cause = `The provided serial Some(${actual}) did not match the expected serial Some(${expected}).`;
  const metadata = { actual: `Some(${actual})`, expected: `Some(${expected})` };
  return topologyRefusal(store, 'SERIAL_MISMATCH', 9, cause, metadata);
}

/** No key of this node may sign; `unusable` are those asked for by name. */
export function noSigningKey(
  store: StoreName,
  requirement: Requirement,
  unusable: readonly string[],
): CantonRefusal {
  const cause = 'Could not find an appropriate signing key to issue the topology transaction';
  const namespaces = referenced(requirement);
  const listed = namespaces.length === 1 ? namespaces.join('') : `Set(${namespaces.join(', ')})`;
  const metadata = {
    required: `ReferencedAuthorizations(namespaces = ${listed})`,
    unusable: `List(${unusable.join(', ')})`,
  };
  return topologyRefusal(store, 'NO_APPROPRIATE_SIGNING_KEY_IN_STORE', 11, cause, metadata);
}

/** The signatures do not suffice; redacted on the wire. */
export function unauthorized(store: StoreName): CantonRefusal {
  return topologyRefusal(
    store,
    'UNAUTHORIZED_TRANSACTION',
    5,
    'The transaction is not properly authorized',
  );
}

/** A signature was not made with the key it names; redacted on the wire. */
export function invalidSignature(store: StoreName): CantonRefusal {
  return topologyRefusal(
    store,
    'INVALID_TX_SIGNATURE',
    5,
    'The signature of the transaction is invalid',
  );
}

function describe(mapping: Mapping): string {
  if (mapping.code === 'nsd') return describeDelegation(mapping.value);
  if (mapping.code === 'ptp') return describeHosting(mapping.value);
  if (mapping.code === 'pdp') return describePermission(mapping.value);
  if (mapping.code === 'dnd') return describeOwners(mapping.value);
  return mapping.code;
}

const SPECS: Readonly<Record<string, string>> = {
  SIGNING_KEY_SPEC_EC_CURVE25519: 'EC-Curve25519',
  SIGNING_KEY_SPEC_EC_P256: 'EC-P256',
  SIGNING_KEY_SPEC_EC_P384: 'EC-P384',
};

function describeDelegation(value: NamespaceDelegation): string {
  const key = value.target_key;
  const usage = key.usage.map((one) =>
    one.replace('SIGNING_KEY_USAGE_', '').toLowerCase().replaceAll('_', '-'),
  );
  const target = [
    `id = ${fingerprint(key.public_key)}`,
    'format = DER-encoded X.509 SubjectPublicKeyInfo',
    `keySpec = ${SPECS[key.key_spec] ?? key.key_spec}`,
    `usage = ${usage.join(', ')}`,
  ];
  return [
    'NamespaceDelegation(',
    `  namespace = ${value.namespace},`,
    `  target = SigningPublicKey(${target.join(', ')}),`,
    `  restriction = ${value.can_sign_all_mappings ? 'all' : value.can_sign_specific_mapings ? 'specific' : 'not-nsd'}`,
    ')',
  ].join('\n');
}

function describeOwners(value: MappingValues['dnd']): string {
  const { decentralized_namespace: namespace, owners, threshold = 0 } = value;
  return `DecentralizedNamespaceDefinition(namespace = ${namespace}, threshold = ${threshold}, owners = Seq(${owners.join(', ')}))`;
}

function describePermission(value: MappingValues['pdp']): string {
  const { limits, login_after: after } = value;
  const rate = limits?.confirmation_requests_max_rate ?? 0;
  const parts = [
    `synchronizerId = ${value.synchronizer_id}`,
    `participantId = PAR::${value.participant_uid}`,
    `permission = ${permissionName(value.permission)}`,
    ...(limits
      ? [`limits = ParticipantSynchronizerLimits(confirmation requests max rate = ${rate})`]
      : []),
    ...(after === undefined ? [] : [`loginAfter = ${instantText(BigInt(after))}`]),
  ];
  return `ParticipantSynchronizerPermission(${parts.join(', ')})`;
}

function permissionName(permission: Permission | undefined): string {
  const name = (permission ?? '').replace('PARTICIPANT_PERMISSION_', '').toLowerCase();
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Writes a time as Java does: with no, three or six digits of a second. */
function instantText(micros: bigint): string {
  const rest = String(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, '0');
  const second = new Date(Number(micros / 1000n)).toISOString().slice(0, 19);
  const digits = rest.endsWith('000') ? rest.slice(0, 3) : rest;
  return `${second}${rest === '000000' ? '' : `.${digits}`}Z`;
}

function describeHosting(value: PartyToParticipant): string {
  const hosts = value.participants.map(
    (host) => `PAR::${host.participant_uid} -> ${permissionName(host.permission)}`,
  );
  const listed = hosts.length === 1 ? hosts.join('') : `Seq(${hosts.join(', ')})`;
  const threshold = (value.threshold ?? 0) > 1 ? `, threshold = ${value.threshold}` : '';
  return `PartyToParticipant(partyId = ${value.party}${threshold}, participants = ${listed})`;
}
