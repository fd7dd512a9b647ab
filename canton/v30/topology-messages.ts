import {
  create,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';

import type {
  DelegationRestriction,
  HostingParticipant,
  NamespaceDelegation,
  OnboardingRestriction,
  PartyMapping,
  Permission,
  SignedDefinition,
  SignedDelegation,
  SignedMapping,
  SynchronizerGrant,
  TopologyStore,
  VettedPackage,
} from '../../model/participant.js';
import { namespaceOf } from '../../model/plan.js';
import { fingerprintOf } from '../fingerprint.js';
import {
  SigningKeysWithThresholdSchema,
  SigningPublicKeySchema,
} from '../gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import {
  Enums_ParticipantPermission as WirePermission,
  Enums_TopologyChangeOp as Change,
  SignedTopologyTransactionSchema,
  TopologyTransactionSchema,
  type ParticipantSynchronizerPermission,
  type SignedTopologyTransaction,
  type NamespaceDelegation as WireDelegation,
  type PartyToParticipant,
  type PartyToParticipant_HostingParticipant as WireHost,
  type PartyToParticipantSchema,
  type VettedPackages,
  type VettedPackagesSchema,
} from '../gen/com/digitalasset/canton/protocol/v30/topology_pb.js';
import {
  OnboardingRestriction as WireRestriction,
  type DynamicSynchronizerParameters,
} from '../gen/com/digitalasset/canton/protocol/v30/synchronizer_parameters_pb.js';
import type { StoreIdSchema } from '../gen/com/digitalasset/canton/topology/admin/v30/common_pb.js';
import type {
  BaseQuery,
  BaseQuerySchema,
} from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { rfc3339OfMicros } from '../times.js';
import { UntypedVersionedMessageSchema } from '../gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';

/** Returns the store as Canton names it: a synchronizer by its logical id, which stands for the active physical one. */
export function storeIdOf(store: TopologyStore): MessageInitShape<typeof StoreIdSchema> {
  if (store === 'authorized') return { store: { case: 'authorized', value: {} } };
  if ('temporary' in store) return { store: { case: 'temporary', value: { name: store.temporary } } };
  return {
    store: { case: 'synchronizer', value: { kind: { case: 'id', value: store.synchronizerId } } },
  };
}

/** Returns a query of what holds now, or ever held: fully authorised mappings, or only proposals. Source: admin-api 1.5. */
export function queryOf(
  store: TopologyStore,
  { isProposal = false, isOfAllTimes = false } = {},
): Exclude<MessageInitShape<typeof BaseQuerySchema>, BaseQuery> {
  return {
    store: storeIdOf(store),
    proposals: isProposal,
    operation: Change.ADD_REPLACE,
    timeQuery: isOfAllTimes ? { case: 'range', value: {} } : { case: 'headState', value: {} },
  };
}

/** Of each party the last one: those of a large list may be there as they were and as they are. */
export function latestOf(mappings: PartyMapping[]): PartyMapping[] {
  return [...new Map(mappings.map((its) => [its.party, its])).values()];
}

/** Namespaces that are asked for one by one. */
const READ_BY_NAME = 50;

/** Returns what to filter by to read what there is of these namespaces: each of a few, or nothing, which reads all. */
export function namespaceFilters(
  namespaces: ReadonlySet<string> | ReadonlyMap<string, unknown>,
): Iterable<string> {
  return namespaces.size > READ_BY_NAME ? [''] : namespaces.keys();
}

/** Returns a delegation as plain data, or nothing if it names no key. */
export function toDelegation(
  item: WireDelegation | undefined,
  serial = 0,
): NamespaceDelegation | undefined {
  if (!item?.targetKey) return undefined;
  return {
    namespace: item.namespace,
    targetKey: fingerprintOf(item.targetKey),
    restriction: restrictionOf(item),
    serial,
  };
}

// What stands for a restriction before releases wrote one. Source: admin-api 1.3.
function restrictionOf({ restriction, isRootDelegation }: WireDelegation): DelegationRestriction {
  switch (restriction.case) {
    case 'canSignAllMappings':
      return 'CanSignAllMappings';
    case 'canSignAllButNamespaceDelegations':
      return 'CanSignAllButNamespaceDelegations';
    case 'canSignSpecificMapings':
      return 'CanSignSpecificMappings';
    case undefined:
      return isRootDelegation ? 'CanSignAllMappings' : 'CanSignAllButNamespaceDelegations';
  }
}

/**
 * Returns the delegation in a stored transaction, and the signed transaction without its version frame.
 *
 * The signed bytes are a slice of what was read: signatures hold for exactly these. Source: admin-api 1.2 and 1.3.
 */
export function unwrapDelegation(stored: Uint8Array): SignedDelegation | undefined {
  const signed = unwrap(stored);
  const its = fromBinary(SignedTopologyTransactionSchema, signed);
  const delegation = delegationIn(its.transaction);
  return delegation && { delegation, signed, signedBy: signersOf(its) };
}

/** Returns the delegation that a serialised topology transaction issues, if it issues one. */
export function delegationIn(transaction: Uint8Array): NamespaceDelegation | undefined {
  const { operation, mapping, serial } = fromBinary(TopologyTransactionSchema, unwrap(transaction));
  if (operation !== Change.ADD_REPLACE || mapping?.mapping.case !== 'namespaceDelegation')
    return undefined;
  return toDelegation(mapping.mapping.value, serial);
}

/** Returns `namespace -> targetKey` for all but namespace delegations, as Canton writes it. */
export function delegationMapping(wanted: { namespace: string; targetKey: Uint8Array }) {
  return {
    case: 'namespaceDelegation',
    value: {
      namespace: wanted.namespace,
      targetKey: fromBinary(SigningPublicKeySchema, wanted.targetKey),
      restriction: { case: 'canSignAllButNamespaceDelegations', value: {} },
    },
  } as const;
}

/**
 * Returns the mapping of a party in a stored transaction, and the signed transaction without its version frame.
 *
 * The signed bytes are a slice of what was read, as in {@link unwrapDelegation}.
 */
export function unwrapPartyMapping(stored: Uint8Array): SignedMapping | undefined {
  const signed = unwrap(stored);
  const its = fromBinary(SignedTopologyTransactionSchema, signed);
  const mapping = partyMappingIn(its.transaction);
  return mapping && { mapping, signed, signedBy: signersOf(its) };
}

/** Returns what a stored transaction says of a namespace or of the keys of a party, if it does, with its signed bytes. */
export function unwrapDefinition(stored: Uint8Array): SignedDefinition | undefined {
  const signed = unwrap(stored);
  const { transaction } = fromBinary(SignedTopologyTransactionSchema, signed);
  const { operation, mapping, serial } = fromBinary(TopologyTransactionSchema, unwrap(transaction));
  if (operation !== Change.ADD_REPLACE || !mapping) return undefined;
  const its = { owners: [], serial, signed };
  switch (mapping.mapping.case) {
    case 'namespaceDelegation': {
      const delegation = toDelegation(mapping.mapping.value);
      if (!delegation) return undefined;
      const { namespace, targetKey, restriction } = delegation;
      const subject = `the delegation of ${namespace} to ${targetKey}`;
      const kind = targetKey === namespace ? 'root' : 'delegation';
      return { ...its, kind, subject, namespace, content: restriction };
    }
    case 'decentralizedNamespaceDefinition': {
      const { decentralizedNamespace: namespace, owners, threshold } = mapping.mapping.value;
      const content = `${threshold} of ${[...owners].sort().join(', ')}`;
      const subject = `the owners of ${namespace}`;
      return { ...its, kind: 'owners', subject, namespace, content, owners };
    }
    case 'partyToKeyMapping': {
      const { party, threshold, signingKeys } = mapping.mapping.value;
      const content = `${threshold} of ${signingKeys.map(fingerprintOf).sort().join(', ')}`;
      const subject = `the keys of ${party}`;
      return { ...its, kind: 'keys', subject, namespace: namespaceOf(party), content };
    }
    default:
      return undefined;
  }
}

/** Fingerprints of the keys whose signatures a transaction carries, of its own or over several. */
function signersOf({ signatures, multiTransactionSignatures }: SignedTopologyTransaction): string[] {
  const all = [signatures, ...multiTransactionSignatures.map((its) => its.signatures)].flat();
  return all.map(({ signedBy }) => signedBy);
}

/** Returns the mapping that a serialised topology transaction sets for a party, if it sets one. */
export function partyMappingIn(transaction: Uint8Array): PartyMapping | undefined {
  const { operation, mapping, serial } = fromBinary(TopologyTransactionSchema, unwrap(transaction));
  if (operation !== Change.ADD_REPLACE || mapping?.mapping.case !== 'partyToParticipant')
    return undefined;
  return toPartyMapping(mapping.mapping.value, serial);
}

function unwrap(framed: Uint8Array): Uint8Array {
  return fromBinary(UntypedVersionedMessageSchema, framed).wrapper.value ?? new Uint8Array();
}

/** Returns a party's mapping as plain data. */
export function toPartyMapping(item: PartyToParticipant, serial: number): PartyMapping {
  const { party, threshold, participants, partySigningKeys: keys } = item;
  const base = { party, threshold, hosts: participants.map(toHost), serial };
  if (!keys) return base;
  return {
    ...base,
    signingKeys: Buffer.from(toBinary(SigningKeysWithThresholdSchema, keys)).toString('base64'),
  };
}

/** Returns a party's mapping as Canton writes it; its serial travels outside. */
export function fromPartyMapping(
  mapping: PartyMapping,
): MessageInitShape<typeof PartyToParticipantSchema> {
  const { party, threshold, hosts, signingKeys } = mapping;
  return {
    party,
    threshold,
    participants: hosts.map(({ participantUid, permission, isOnboarding }) => ({
      participantUid,
      permission: PERMISSIONS[permission],
      ...(isOnboarding && { onboarding: {} }),
    })),
    ...(signingKeys && {
      partySigningKeys: fromBinary(SigningKeysWithThresholdSchema, Buffer.from(signingKeys, 'base64')),
    }),
  };
}

const PERMISSIONS: Readonly<Record<Permission, WirePermission>> = {
  submission: WirePermission.SUBMISSION,
  confirmation: WirePermission.CONFIRMATION,
  observation: WirePermission.OBSERVATION,
};

function toHost({ participantUid, permission, onboarding }: WireHost): HostingParticipant {
  return {
    participantUid,
    permission: permissionOf(permission),
    isOnboarding: onboarding !== undefined,
  };
}

/** Returns a permission by its name here. */
export function permissionOf(permission: WirePermission): Permission {
  if (permission === WirePermission.SUBMISSION) return 'submission';
  if (permission === WirePermission.CONFIRMATION) return 'confirmation';
  if (permission === WirePermission.OBSERVATION) return 'observation';
  throw new Error(`permission ${permission as number} is not one this client knows`);
}

const RESTRICTIONS: Readonly<Record<WireRestriction, OnboardingRestriction>> = {
  [WireRestriction.UNSPECIFIED]: 'UNRESTRICTED_OPEN',
  [WireRestriction.UNRESTRICTED_OPEN]: 'UNRESTRICTED_OPEN',
  [WireRestriction.UNRESTRICTED_LOCKED]: 'UNRESTRICTED_LOCKED',
  [WireRestriction.RESTRICTED_OPEN]: 'RESTRICTED_OPEN',
  [WireRestriction.RESTRICTED_LOCKED]: 'RESTRICTED_LOCKED',
};

/** Returns what a synchronizer with these parameters grants whom it has this permission for, or none. */
export function toGrant(
  parameters: DynamicSynchronizerParameters | undefined,
  own: ParticipantSynchronizerPermission | undefined,
): SynchronizerGrant {
  const limits = own?.limits ?? parameters?.participantSynchronizerLimits;
  return {
    restriction: RESTRICTIONS[parameters?.onboardingRestriction ?? WireRestriction.UNSPECIFIED],
    ...(limits && { maxRate: limits.confirmationRequestsMaxRate }),
    ...(own && { permission: permissionOf(own.permission) }),
    ...(own?.loginAfter !== undefined && { loginAfter: rfc3339OfMicros(own.loginAfter) }),
  };
}

/** Returns the packages of a vetting, also of one written before packages carried times. */
export function toVettedPackages({ packages, packageIds }: VettedPackages): VettedPackage[] {
  const timeless = packageIds.map((packageId) => ({ packageId }));
  const timed = packages.map(({ packageId, validFromInclusive: from, validUntilExclusive: until }) => ({
    packageId,
    ...(from && { validFrom: toRfc3339(from) }),
    ...(until && { validUntil: toRfc3339(until) }),
  }));
  return [...timeless, ...timed];
}

/** Returns a vetting as Canton writes it. */
export function fromVettedPackages(
  participantUid: string,
  packages: VettedPackage[],
): MessageInitShape<typeof VettedPackagesSchema> {
  return {
    participantUid,
    packages: packages.map(({ packageId, validFrom, validUntil }) => ({
      packageId,
      ...(validFrom && { validFromInclusive: fromJson(TimestampSchema, validFrom) }),
      ...(validUntil && { validUntilExclusive: fromJson(TimestampSchema, validUntil) }),
    })),
  };
}

// Through JSON and not through Date, which would lose the microseconds.
function toRfc3339(time: Timestamp): string {
  return toJson(TimestampSchema, create(TimestampSchema, time));
}
