/** What is read from a participant, as plain data. Ids are uids (`name::fingerprint`) unless a name says otherwise. */

/** A node that a plan names: no other one that the worker finds under this name is read or changed. */
export interface NodeRef {
  /** In the worker's configuration. */
  name: string;
  uid: string;
}

/** Source: proto ParticipantStatusService. */
export interface ParticipantStatus {
  uid: string;
  /** For example `3.5.10-SNAPSHOT`. */
  version: string;
  /** False on the passive replica of a highly available node. */
  isActive: boolean;
  supportedProtocolVersions: number[];
  /** Queued, being sent, or observed and not yet effective. */
  pendingTopologyTransactions: number;
  /** Of these, what has not left the participant: for a moment, or for as long as it has no traffic. Source: networks F. */
  undispatchedTopologyTransactions: number;
}

/** A key whose private part the participant can use. Source: proto VaultService.ListMyKeys. */
export interface VaultKey {
  /** 68 hex characters. */
  fingerprint: string;
  name: string;
  purpose: 'signing' | 'encryption';
  /** Signing keys only, for example `NAMESPACE`. */
  usages: string[];
  /** For example `EC_P256`. */
  spec: string;
  /** Set if and only if the private part is in a KMS. */
  kmsKeyId?: string;
}

/** A key that a participant publishes as its own, whether its vault holds the private part or not. */
export type OwnKey = Pick<VaultKey, 'fingerprint' | 'purpose' | 'spec'>;

/** A synchronizer that a participant is registered with. Source: proto SynchronizerConnectivityService. */
export interface RegisteredSynchronizer {
  /** Node-local name. */
  alias: string;
  /** `name::fingerprint`; empty if the participant never reached it. */
  logicalId: string;
  /** `name::fingerprint::protocolVersion-serial`; empty if the participant never reached it. */
  physicalId: string;
  isConnected: boolean;
  /** Whether the participant leaves it disconnected after a restart. */
  isManualConnect: boolean;
}

/** A logical synchronizer upgrade (LSU). Source: networks B. */
export interface AnnouncedUpgrade {
  /** Physical id of the synchronizer that takes over. */
  successor: string;
  /** RFC 3339, microseconds. */
  time: string;
}

/** What the static parameters of a synchronizer allow of keys: specs, named as in {@link VaultKey}. */
export interface AllowedKeys {
  signing: string[];
  encryption: string[];
}

export type DelegationRestriction =
  'CanSignAllMappings' | 'CanSignAllButNamespaceDelegations' | 'CanSignSpecificMappings';

/** With the context it was read in. Source: proto NamespaceDelegation. */
export interface NamespaceDelegation {
  namespace: string;
  /** Fingerprint, 68 hex characters; equal to the namespace for a root delegation. */
  targetKey: string;
  restriction: DelegationRestriction;
  serial: number;
}

/** A delegation as the exact bytes that were signed, with the fingerprints of the keys that signed. */
export interface SignedDelegation {
  delegation: NamespaceDelegation;
  signed: Uint8Array;
  signedBy: string[];
}

/**
 * What says who signs for a namespace, or which keys a party has, as the exact bytes that were signed: a delegation, the
 * owners of a decentralised namespace, the keys of a party where they are in a mapping of their own.
 */
export interface SignedDefinition {
  /** `root`: the delegation of a namespace to its own key. */
  kind: 'root' | 'delegation' | 'owners' | 'keys';
  /** In words; of two of one subject only one holds. */
  subject: string;
  namespace: string;
  /** The same text for the same content. */
  content: string;
  /** Of a decentralised namespace: namespaces. */
  owners: string[];
  serial: number;
  signed: Uint8Array;
}

export type Permission = 'submission' | 'confirmation' | 'observation';

/** Who may join a synchronizer: anybody, or whom it has a permission for; `locked`: nobody. */
export type OnboardingRestriction =
  'UNRESTRICTED_OPEN' | 'UNRESTRICTED_LOCKED' | 'RESTRICTED_OPEN' | 'RESTRICTED_LOCKED';

/** What a synchronizer grants a participant. */
export interface SynchronizerGrant {
  restriction: OnboardingRestriction;
  /** Confirmation requests per second, the participant's own limit or that of the synchronizer; absent: none is set. */
  maxRate?: number;
  /** Absent: nothing is set for it, which on a restricted synchronizer means that it may do nothing. */
  permission?: Permission;
  /** RFC 3339; it may not use the synchronizer before. */
  loginAfter?: string;
}

export interface HostingParticipant {
  participantUid: string;
  permission: Permission;
  isOnboarding: boolean;
}

/** A namespace that so many of its owners sign for together; each is a namespace. Source: networks D. */
export interface DecentralizedNamespace {
  namespace: string;
  owners: string[];
  threshold: number;
}

/** With the context it was read in. Source: proto PartyToParticipant. */
export interface PartyMapping {
  party: string;
  threshold: number;
  /** Unique by participant, in the order of the mapping. */
  hosts: HostingParticipant[];
  /** Base64 of SigningKeysWithThreshold; set for a party that signs for itself. */
  signingKeys?: string;
  serial: number;
}

/** The mapping of a party as it is stored, with whoever signed it. */
export interface SignedMapping {
  mapping: PartyMapping;
  /** SignedTopologyTransaction as stored; the signatures hold for exactly these bytes. */
  signed: Uint8Array;
  /** Fingerprints of the keys. */
  signedBy: string[];
}

/** Times are RFC 3339. Source: proto VettedPackages. */
export interface VettedPackage {
  packageId: string;
  validFrom?: string;
  validUntil?: string;
}

/** Source: proto PackageService.ListDars. */
export interface Dar {
  mainPackageId: string;
  name: string;
  version: string;
  description: string;
}

/** A package in the store of a participant, by itself or as part of a DAR. Source: proto PackageService.ListPackages. */
export interface StoredPackage {
  packageId: string;
  name: string;
  version: string;
}

/** A limit that is absent is not set. Source: proto ResourceManagementService. */
export interface ResourceLimits {
  maxInflightValidationRequests?: number;
  maxSubmissionRate?: number;
  maxSubmissionBurstFactor: number;
}

/** Source: proto PruningService. */
export interface PruningSchedule {
  cron: string;
  maxDurationMs: number;
  retentionMs: number;
}

/** Source: proto IdentityProviderConfigService. */
export interface IdentityProvider {
  id: string;
  isDeactivated: boolean;
  issuer: string;
  jwksUrl: string;
  /** Empty if tokens need none. */
  audience: string;
}

/** What names a user in a call: an id is unique on a participant, and known only through its identity provider. */
export interface UserId {
  id: string;
  /** Empty for the default one. */
  identityProvider: string;
}

/** Source: proto UserManagementService. */
export interface User extends UserId {
  /** Empty if it has none. */
  primaryParty: string;
  isDeactivated: boolean;
  /** Whether the primary party may authenticate instead of the user. */
  authenticatesPrimaryParty: boolean;
  annotations: Record<string, string>;
}

/** `unknown`: of a release newer than this client. */
export interface UserRight {
  kind:
    | 'participant-admin'
    | 'identity-provider-admin'
    | 'act-as'
    | 'read-as'
    | 'execute-as'
    | 'read-as-any-party'
    | 'execute-as-any-party'
    | 'act-as-any-party'
    | 'unknown';
  /** Of a right on one party. */
  party?: string;
}

/** What a participant keeps of a party beside its topology. Source: proto PartyManagementService. */
export interface PartyAnnotations {
  party: string;
  /** Empty for the default one. */
  identityProvider: string;
  annotations: Record<string, string>;
}

/** Whether an import checks each contract against its id and its package, or takes it as it is. Source: admin-api 2.4. */
export type ImportMode = 'accept' | 'validation';

/** One entry of the ACS, without its payload. Source: proto StateService.GetActiveContracts. */
export interface ActiveContractSummary {
  contractId: string;
  /** Creation package of the template. */
  packageId: string;
  /** Which the participant reads the contract with; empty if it does not say, as that of creation then. */
  representativePackageId: string;
  /** Signatories and observers, unique. */
  stakeholders: string[];
  synchronizerId: string;
  /** Decimal int64. */
  reassignmentCounter: string;
  /** Of the update that created it here; imported contracts carry the prefix of their import call. */
  workflowId: string;
  /** Of the same update. Decimal int64. */
  createdAtOffset: string;
}

/** A contract that left one synchronizer and has not arrived on another. */
export interface IncompleteReassignment {
  /** The id of the contract. */
  incompleteReassignmentOf: string;
}

/** What one ledger transaction changed of the ACS. In the shape ACS_DELTA. Source: proto UpdateService.GetUpdates. */
export interface AcsChange {
  /** Of the transaction. Decimal int64. */
  offset: string;
  updateId: string;
  created: {
    contractId: string;
    stakeholders: string[];
    /** Framed, as an export has it. */
    record: Uint8Array;
  }[];
  /** Contract ids. */
  archived: string[];
  /** Whether a repair of this node alone ended them, and no ledger transaction. */
  isPurge: boolean;
}

/** A contract that left the active ones of a synchronizer, archived or unassigned, or was assigned to it. */
export interface Turnover {
  /** Decimal int64. */
  offset: string;
  contractId: string;
  /** Of one that left, at least those that were asked for. */
  stakeholders: string[];
  isArrival: boolean;
}

/** A topology store: the node-local one, one that is only there until it is dropped, or a synchronizer's by its logical id. */
export type TopologyStore = 'authorized' | { temporary: string } | { synchronizerId: string };

/** The public part of a signing key. */
export interface PublicSigningKey {
  /** 68 hex characters. */
  fingerprint: string;
  /** `EC_CURVE25519`, `EC_P256`, `EC_P384`, or what else Canton calls it. */
  spec: string;
  /** DER, X.509 SubjectPublicKeyInfo, in base64. */
  publicKey: string;
}

/** How a key of these specs signs a topology transaction. Source: admin-api 1.3 and 1.7. */
export type SigningAlgorithm = 'ED25519' | 'EC_DSA_SHA_256' | 'EC_DSA_SHA_384';

/** A topology transaction that nobody has signed yet. */
export interface UnsignedTransaction {
  /** Serialised, in base64: exactly what is hashed. */
  transaction: string;
  /** What is signed: the multihash of the transaction, 68 hex characters. */
  hash: string;
}

/** A signature that was made outside of any participant. */
export interface DetachedSignature {
  /** Fingerprint of the key. */
  signedBy: string;
  algorithm: SigningAlgorithm;
  /** Base64; 64 bytes of Ed25519, else DER. */
  signature: string;
}

/** A signature of one transaction, or of all of these together: their hashes, 68 hex characters each. */
export interface TransactionSignature extends DetachedSignature {
  signedTogether?: string[];
}

/** What a mapping that became effective changed for one party on one participant. Source: proto UpdateService.GetUpdates. */
export interface PartyAuthorization {
  party: string;
  /** Without `PAR::`. */
  participantUid: string;
  kind: 'added' | 'changed' | 'revoked' | 'onboarding';
  /** Of the participant that was asked; the same for all that became effective at one time. Decimal int64. */
  offset: string;
  /** RFC 3339, microseconds. */
  recordTime: string;
}

/** What became of a commitment of, or to, another participant to a period. Source: proto ParticipantInspectionService. */
export interface CommitmentPeriod {
  counterParticipantUid: string;
  /** RFC 3339, microseconds. */
  fromExclusive: string;
  /** RFC 3339, microseconds. */
  toInclusive: string;
  /** `buffered`: it came, and this participant has not got that far; `outstanding`: it did not come. */
  state: 'match' | 'mismatch' | 'buffered' | 'outstanding';
}

/** How far another participant is behind with its commitments. Source: proto ParticipantInspectionService. */
export interface CommitmentLag {
  counterParticipantUid: string;
  /** End of the newest period for which this participant has sent its own, RFC 3339, microseconds; year 1: of none. */
  sentUntil: string;
  /** End of the newest period in which the two matched, RFC 3339, microseconds; absent if they never did. */
  matchedUntil?: string;
  /** How many periods ago that is: the largest int64 if they never did. Decimal int64. */
  intervalsBehind: string;
}
