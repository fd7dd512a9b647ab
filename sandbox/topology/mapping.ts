import { checkedKey, fingerprint, type EncryptionPublicKey, type SigningPublicKey } from '../crypto.js';
import { deserializationFailure, fieldNotSet } from '../errors.js';
import type { Decoded, Encodable } from '../wire.js';
import { logicalOf, type LsuAnnouncement, type SequencerSuccessor } from './lsu.js';

type Protocol = 'com.digitalasset.canton.protocol.v30';

/** How a participant hosts a party. */
export type Permission = NonNullable<
  Decoded<`${Protocol}.PartyToParticipant.HostingParticipant`>['permission']
>;

type MappingName =
  Decoded<`${Protocol}.NamespaceDelegation.CanSignSpecificMappings`>['mappings'][number];

/** A `NamespaceDelegation` as decoded; at most one restriction is there. */
export interface NamespaceDelegation {
  readonly namespace: string;
  readonly target_key: SigningPublicKey;
  readonly is_root_delegation?: boolean;
  readonly can_sign_all_mappings?: object;
  readonly can_sign_all_but_namespace_delegations?: object;
  readonly can_sign_specific_mapings?: { readonly mappings: readonly MappingName[] };
}

/** A host in a `PartyToParticipant`. */
export interface HostingParticipant {
  readonly participant_uid: string;
  readonly permission: Permission;
  readonly onboarding?: object;
}

/** A `PartyToParticipant` as decoded. */
export interface PartyToParticipant {
  readonly party: string;
  readonly threshold?: number;
  readonly participants: readonly HostingParticipant[];
  readonly party_signing_keys?: {
    readonly keys: readonly SigningPublicKey[];
    readonly threshold?: number;
  };
}

/** A key in an `OwnerToKeyMapping`. */
interface PublicKey {
  readonly signing_public_key?: SigningPublicKey;
  readonly encryption_public_key?: EncryptionPublicKey;
}

/** The payload of each mapping type. */
export interface MappingValues {
  nsd: NamespaceDelegation;
  dnd: {
    readonly decentralized_namespace: string;
    readonly threshold?: number;
    readonly owners: readonly string[];
  };
  otk: { readonly member: string; readonly public_keys: readonly PublicKey[] };
  dtc: { readonly participant_uid: string; readonly synchronizer_id: string };
  vtp: {
    readonly participant_uid: string;
    readonly package_ids?: readonly string[];
    readonly packages: readonly VettedPackage[];
  };
  ptp: PartyToParticipant;
  ptk: {
    readonly party: string;
    readonly threshold?: number;
    readonly signing_keys: readonly SigningPublicKey[];
  };
  lsu: LsuAnnouncement;
  scs: SequencerSuccessor;
  pdp: Decoded<`${Protocol}.ParticipantSynchronizerPermission`> & {
    readonly synchronizer_id: string;
    readonly participant_uid: string;
  };
  phl: { readonly synchronizer_id: string; readonly party: string };
  dop: Decoded<`${Protocol}.SynchronizerParametersState`> & { readonly synchronizer_id: string };
}

/** A package in a `VettedPackages`; a time left out is no bound. */
export interface VettedPackage {
  readonly package_id: string;
  readonly valid_from_inclusive?: Decoded<'google.protobuf.Timestamp'>;
  readonly valid_until_exclusive?: Decoded<'google.protobuf.Timestamp'>;
}

/** Canton's short names of the mapping types the sandbox knows. */
export type MappingCode = keyof MappingValues;

/** The payload of a topology transaction, by type. */
export type Mapping = {
  [K in MappingCode]: { readonly code: K; readonly value: MappingValues[K] };
}[MappingCode];

/** One mapping type out of the union. */
export type MappingOf<K extends MappingCode> = Extract<Mapping, { code: K }>;

const FIELDS = {
  nsd: 'namespace_delegation',
  dnd: 'decentralized_namespace_definition',
  otk: 'owner_to_key_mapping',
  dtc: 'synchronizer_trust_certificate',
  vtp: 'vetted_packages',
  ptp: 'party_to_participant',
  ptk: 'party_to_key_mapping',
  lsu: 'lsu_announcement',
  scs: 'lsu_sequencer_connection_successor',
  pdp: 'participant_permission',
  phl: 'party_hosting_limits',
  dop: 'synchronizer_parameters_state',
} as const satisfies Record<MappingCode, keyof Decoded<`${Protocol}.TopologyMapping`>>;

const CODES = [
  'nsd',
  'dnd',
  'otk',
  'dtc',
  'vtp',
  'ptp',
  'ptk',
  'pdp',
  'phl',
  'dop',
  'lsu',
  'scs',
] as const satisfies MappingCode[];

const IDS: Readonly<Record<MappingCode, readonly string[]>> = {
  nsd: ['namespace'],
  dnd: ['decentralized_namespace'],
  otk: ['member'],
  dtc: ['participant_uid', 'synchronizer_id'],
  vtp: ['participant_uid'],
  ptp: ['party'],
  ptk: ['party'],
  lsu: ['successor_physical_synchronizer_id'],
  scs: ['sequencer_id'],
  pdp: ['synchronizer_id', 'participant_uid'],
  phl: ['synchronizer_id', 'party'],
  dop: ['synchronizer_id'],
};

const EMPTY_ID = 'Empty string is not a valid unique identifier.';

/** What Canton answers an unknown short name with; `sep` stands twice there. */
export const ALL_CODES =
  'nsd, dnd, otk, dtc, pdp, phl, vtp, ptp, dop, sep, mds, sds, sep, ptk, lsu, scs';

const NAMES: Readonly<Record<MappingCode, MappingName>> = {
  nsd: 'TOPOLOGY_MAPPING_CODE_NAMESPACE_DELEGATION',
  dnd: 'TOPOLOGY_MAPPING_CODE_DECENTRALIZED_NAMESPACE_DEFINITION',
  otk: 'TOPOLOGY_MAPPING_CODE_OWNER_TO_KEY_MAPPING',
  dtc: 'TOPOLOGY_MAPPING_CODE_SYNCHRONIZER_TRUST_CERTIFICATE',
  vtp: 'TOPOLOGY_MAPPING_CODE_VETTED_PACKAGES',
  ptp: 'TOPOLOGY_MAPPING_CODE_PARTY_TO_PARTICIPANT',
  ptk: 'TOPOLOGY_MAPPING_CODE_PARTY_TO_KEY_MAPPING',
  lsu: 'TOPOLOGY_MAPPING_CODE_LSU_ANNOUNCEMENT',
  scs: 'TOPOLOGY_MAPPING_CODE_SEQUENCER_CONNECTION_SUCCESSOR',
  pdp: 'TOPOLOGY_MAPPING_CODE_PARTICIPANT_PERMISSION',
  phl: 'TOPOLOGY_MAPPING_CODE_PARTY_HOSTING_LIMITS',
  dop: 'TOPOLOGY_MAPPING_CODE_SYNCHRONIZER_PARAMETERS_STATE',
};

/** Reads a decoded `TopologyMapping`; refuses an empty one, and what lacks an id or holds a key that is none. */
export function mappingOf(message: Decoded<`${Protocol}.TopologyMapping`> | undefined): Mapping {
  for (const code of CODES) {
    const value = message?.[FIELDS[code]];
    if (value === undefined) continue;
    // Code and value are of one row of the table. Of what is missing only ids and keys are refused, as by a node.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    return checkedMapping({ code, value } as Mapping);
  }
  throw fieldNotSet('mapping');
}

/** The ids without which a mapping is none, and the keys in it. */
function checkedMapping(mapping: Mapping): Mapping {
  const { code, value } = mapping;
  for (const field of IDS[code]) {
    if (!(field in value)) {
      throw deserializationFailure(`ValueConversionError(${field},${EMPTY_ID})`);
    }
  }
  if (code === 'nsd') {
    if (!value.target_key) throw fieldNotSet('target_key');
    checkedKey(value.target_key);
  }
  const keys = code === 'otk' ? value.public_keys : [];
  for (const { signing_public_key, encryption_public_key } of keys) {
    const key = signing_public_key ?? encryption_public_key;
    if (!key) throw fieldNotSet('key');
    checkedKey(key);
  }
  if (code === 'ptp') value.party_signing_keys?.keys.forEach(checkedKey);
  if (code === 'ptk') value.signing_keys.forEach(checkedKey);
  return mapping;
}

/** Whether a mapping is of a type. */
export function isOf<K extends MappingCode>(
  mapping: { readonly code: MappingCode; readonly value: unknown },
  code: K,
): mapping is { readonly code: K; readonly value: MappingValues[K] } {
  return mapping.code === code;
}

/** Returns the `TopologyMapping` message of a mapping. */
export function mappingMessage(mapping: Mapping): Encodable<`${Protocol}.TopologyMapping`> {
  switch (mapping.code) {
    case 'nsd':
      return { namespace_delegation: mapping.value };
    case 'dnd':
      return { decentralized_namespace_definition: mapping.value };
    case 'otk':
      return { owner_to_key_mapping: mapping.value };
    case 'dtc':
      return { synchronizer_trust_certificate: mapping.value };
    case 'vtp':
      return { vetted_packages: mapping.value };
    case 'ptp':
      return { party_to_participant: mapping.value };
    case 'ptk':
      return { party_to_key_mapping: mapping.value };
    case 'lsu':
      return { lsu_announcement: mapping.value };
    case 'scs':
      return { lsu_sequencer_connection_successor: mapping.value };
    case 'pdp':
      return { participant_permission: mapping.value };
    case 'phl':
      return { party_hosting_limits: mapping.value };
    case 'dop':
      return { synchronizer_parameters_state: mapping.value };
  }
}

/** Returns the namespace of a uid: what follows the last `::`. */
export function namespaceOf(uid: string): string {
  return uid.slice(uid.lastIndexOf('::') + 2);
}

/** Returns what at most one valid mapping may have in a store. Source: admin-api 1.3. */
export function uniqueKey(mapping: Mapping): string {
  switch (mapping.code) {
    case 'nsd':
      return `nsd/${mapping.value.namespace}/${fingerprint(mapping.value.target_key.public_key)}`;
    case 'dnd':
      return `dnd/${mapping.value.decentralized_namespace}`;
    case 'otk':
      return `otk/${mapping.value.member}`;
    case 'dtc':
      return `dtc/${mapping.value.participant_uid}/${mapping.value.synchronizer_id}`;
    case 'vtp':
      return `vtp/${mapping.value.participant_uid}`;
    case 'ptp':
      return `ptp/${mapping.value.party}`;
    case 'ptk':
      return `ptk/${mapping.value.party}`;
    case 'lsu':
      return `lsu/${logicalOf(mapping.value.successor_physical_synchronizer_id)}`;
    case 'scs':
      return `scs/${mapping.value.sequencer_id}`;
    case 'pdp':
      return `pdp/${mapping.value.synchronizer_id}/${mapping.value.participant_uid}`;
    case 'phl':
      return `phl/${mapping.value.synchronizer_id}/${mapping.value.party}`;
    case 'dop':
      return `dop/${mapping.value.synchronizer_id}`;
  }
}

/** Returns the namespace a mapping belongs to. */
export function mappingNamespace(mapping: Mapping): string {
  switch (mapping.code) {
    case 'nsd':
      return mapping.value.namespace;
    case 'dnd':
      return mapping.value.decentralized_namespace;
    case 'otk':
      return namespaceOf(mapping.value.member);
    case 'dtc':
    case 'vtp':
      return namespaceOf(mapping.value.participant_uid);
    case 'ptp':
    case 'ptk':
      return namespaceOf(mapping.value.party);
    case 'lsu':
      return namespaceOf(logicalOf(mapping.value.successor_physical_synchronizer_id));
    case 'scs':
      return namespaceOf(mapping.value.sequencer_id);
    case 'pdp':
    case 'phl':
    case 'dop':
      return namespaceOf(mapping.value.synchronizer_id);
  }
}

/** Whether a delegation lets its target sign mappings of a type. Source: admin-api 1.3. */
export function permits(delegation: NamespaceDelegation, code: MappingCode): boolean {
  if (delegation.can_sign_all_mappings) return true;
  if (delegation.can_sign_all_but_namespace_delegations) return code !== 'nsd';
  if (delegation.can_sign_specific_mapings) {
    return delegation.can_sign_specific_mapings.mappings.includes(NAMES[code]);
  }
  return delegation.is_root_delegation === true || code !== 'nsd';
}

/** Returns the same mapping as the server stores it: a restriction instead of the deprecated root flag. */
export function normalized(mapping: Mapping): Mapping {
  if (mapping.code === 'ptp') return { code: 'ptp', value: withoutDuplicates(mapping.value) };
  if (mapping.code !== 'nsd') return mapping;
  const { is_root_delegation: isRoot, ...value } = mapping.value;
  const isRestricted =
    value.can_sign_all_mappings ??
    value.can_sign_all_but_namespace_delegations ??
    value.can_sign_specific_mapings;
  if (isRestricted) return { code: 'nsd', value };
  const all = isRoot ? { can_sign_all_mappings: {} } : { can_sign_all_but_namespace_delegations: {} };
  return { code: 'nsd', value: { ...value, ...all } };
}

function withoutDuplicates(value: PartyToParticipant): PartyToParticipant {
  const uids = new Set(value.participants.map((host) => host.participant_uid));
  if (uids.size === value.participants.length) return value;
  const participants = [...uids].map((uid) => {
    const same = value.participants.filter((host) => host.participant_uid === uid);
    return same.reduce((best, host) => (rank(host.permission) > rank(best.permission) ? host : best));
  });
  return { ...value, participants };
}

/** Orders permissions: submission over confirmation over observation. */
export function rank(permission: Permission): number {
  if (permission === 'PARTICIPANT_PERMISSION_SUBMISSION') return 3;
  if (permission === 'PARTICIPANT_PERMISSION_CONFIRMATION') return 2;
  return permission === 'PARTICIPANT_PERMISSION_OBSERVATION' ? 1 : 0;
}
