import type { Abilities } from './abilities.js';
import type { TrafficBalance, TrafficControl } from './traffic.js';
import type {
  AnnouncedUpgrade,
  AcsChange,
  AllowedKeys,
  ActiveContractSummary,
  CommitmentLag,
  CommitmentPeriod,
  Dar,
  DecentralizedNamespace,
  TransactionSignature,
  IdentityProvider,
  IncompleteReassignment,
  NamespaceDelegation,
  OwnKey,
  ParticipantStatus,
  PartyAnnotations,
  PartyAuthorization,
  PartyMapping,
  Permission,
  PruningSchedule,
  PublicSigningKey,
  RegisteredSynchronizer,
  ResourceLimits,
  SignedDefinition,
  SignedDelegation,
  SignedMapping,
  StoredPackage,
  SynchronizerGrant,
  TopologyStore,
  Turnover,
  UnsignedTransaction,
  User,
  UserId,
  UserRight,
  VaultKey,
  VettedPackage,
} from './participant.js';

export interface HealthReads {
  /** Fails as refused if the node is not initialised. */
  readStatus(): Promise<ParticipantStatus>;
  readAbilities(): Promise<Abilities>;
  /** The participant's uid, without `PAR::`. */
  readUid(): Promise<string>;
  /**
   * The clock of the participant, RFC 3339: times of its synchronizers are compared with this one, not a
   * worker's.
   */
  readTime(): Promise<string>;
  /**
   * Requests not yet sequenced, and requests sequenced but not finished, over all of a logical synchronizer.
   */
  countInFlight(
    synchronizerId: string,
  ): Promise<{ pendingSubmissions: number; pendingTransactions: number }>;
  readResourceLimits(): Promise<ResourceLimits>;
  findPruningSchedule(): Promise<PruningSchedule | undefined>;
}

export interface VaultReads {
  listKeys(): Promise<VaultKey[]>;
  /** The public key as serialised `crypto.v30.SigningPublicKey`. */
  findSigningKey(fingerprint: string): Promise<Uint8Array | undefined>;
}

export interface TopologyReads {
  /** Effective, fully authorised delegations. Unknown and not yet connected stores fail as refused. */
  listDelegations(store: TopologyStore, namespace: string): Promise<NamespaceDelegation[]>;
  /** The same of several namespaces, of any number; there is an entry for each. */
  listDelegationsOf(
    store: TopologyStore,
    namespaces: readonly string[],
  ): Promise<Map<string, NamespaceDelegation[]>>;
  /** The signed delegations of `namespace` in the authorized store, as the exact bytes that were signed. */
  listSignedDelegations(
    namespace: string,
    options?: { protocolVersion?: number | undefined },
  ): Promise<SignedDelegation[]>;
  /**
   * What defines these namespaces and the keys of their parties, in the order of the store; of a
   * decentralised namespace every definition that ever held, by serial.
   */
  listDefinitions(store: TopologyStore, namespaces: readonly string[]): Promise<SignedDefinition[]>;
  /**
   * Prefix filter on party, or exact filter on host; fully authorised mappings, or only proposals. Of very
   * many those `among` some parties are kept. With `signedBy` those that one of these keys signed. Equal
   * hosts of several parties are one list, which nobody may change.
   */
  listPartyMappings(
    store: TopologyStore,
    filter: { party?: string; participantUid?: string },
    options?: {
      isProposal?: boolean;
      mayBeMany?: boolean;
      among?: ReadonlySet<string>;
      signedBy?: ReadonlySet<string>;
    },
  ): Promise<PartyMapping[]>;
  /** The open proposals for parties of namespaces that begin so, as the exact bytes that were signed. */
  listSignedPartyProposals(store: TopologyStore, namespace: string): Promise<SignedMapping[]>;
  findVettedPackages(
    store: TopologyStore,
    participantUid: string,
  ): Promise<{ packages: VettedPackage[]; serial: number } | undefined>;
  listDecentralizedNamespaces(store: TopologyStore): Promise<DecentralizedNamespace[]>;
  /** Uids of the participants that are members of a synchronizer. */
  listParticipants(store: TopologyStore): Promise<string[]>;
  /** Parties whose keys are in a mapping of their own, as before protocol version 35. */
  listPartiesWithKeys(store: TopologyStore): Promise<string[]>;
  /**
   * What a synchronizer grants a participant, as this node knows it: what changed since it was disconnected
   * it does not.
   */
  readGrant(store: TopologyStore, participantUid: string): Promise<SynchronizerGrant>;
  /**
   * What a participant may really do for each party it hosts on a synchronizer (logical id): the lower one of
   * what the party's mapping says and what the synchronizer grants. A party for which it may do nothing is
   * left out.
   */
  listEffectiveHosting(
    synchronizerId: string,
    participantUid: string,
  ): Promise<{ party: string; permission: Permission }[]>;
  /** The last upgrade of the synchronizer that was announced, done or not. */
  findUpgrade(store: TopologyStore): Promise<AnnouncedUpgrade | undefined>;
}

/** Topology transactions that are signed elsewhere, and whether the participant's own keys sign. */
export interface SigningReads {
  /**
   * The keys that the participant `uid` uses, by its `OwnerToKeyMapping`: of several stores the newest one
   * counts. None if no store has any.
   */
  listOwnKeys(uid: string, stores: TopologyStore[]): Promise<OwnKey[]>;
  /** The key of the root delegation of `namespace`, as the store has it: the authorized one if left out. */
  findRootKey(namespace: string, store?: TopologyStore): Promise<PublicSigningKey | undefined>;
  /** The same of several namespaces, of any number: those that have one. */
  findRootKeys(
    namespaces: readonly string[],
    store: TopologyStore,
  ): Promise<Map<string, PublicSigningKey>>;
  /** Builds, without signing or storing it, what `TopologyChanges.proposeDelegation` would issue. */
  generateDelegation(wanted: {
    namespace: string;
    targetKey: Uint8Array;
    /** Of the synchronizer that it is for, where it is written as that has it. */
    protocolVersion?: number;
  }): Promise<UnsignedTransaction>;
  /**
   * Builds, without signing or storing them, what `TopologyChanges.proposePartyMapping` would issue: one
   * transaction for each mapping, in their order, of one call.
   */
  generatePartyMappings(
    store: TopologyStore,
    mappings: readonly PartyMapping[],
  ): Promise<UnsignedTransaction[]>;
  /** The same of a mapping with its serial, without asking the participant, which may be disconnected. */
  buildPartyMapping(mapping: PartyMapping): UnsignedTransaction;
  /** A proposal with signatures that were made elsewhere, as `SigningChanges.addSignatures` takes it. */
  assembleProposal(
    transaction: UnsignedTransaction,
    signatures: readonly TransactionSignature[],
  ): Uint8Array;
}

export interface SynchronizersReads {
  /** Every registered synchronizer of any status that was not superseded, ordered by alias. */
  listRegistered(): Promise<RegisteredSynchronizer[]>;
  /**
   * What the sequencers of the stored configuration say that their synchronizer allows; the first answer
   * counts. `unanswered` if none comes: every address with why, the same words for the same reason.
   */
  findAllowedKeys(alias: string): Promise<AllowedKeys | { unanswered: string[] }>;
  /** The stored configuration as serialised `SynchronizerConnectionConfig`. */
  readConfig(alias: string): Promise<Uint8Array>;
}

export interface PackagesReads {
  listDars(): Promise<Dar[]>;
  readDar(mainPackageId: string): Promise<Uint8Array>;
  listPackages(): Promise<StoredPackage[]>;
  /** Every package of a DAR: the main one and all it depends on. */
  listContents(mainPackageId: string): Promise<StoredPackage[]>;
  /**
   * A dry run of an upload that vets all of the DAR on a synchronizer (logical id): refused as that would be,
   * and nothing is stored or vetted. The participant has to be connected to it.
   */
  validateDar(dar: { name: string; bytes: Uint8Array }, synchronizerId: string): Promise<void>;
}

/** What is exported of an ACS. */
export interface ExportRequest {
  /** At least one, or everything on the synchronizer, whoever its stakeholders are. */
  parties: string[] | 'all';
  /**
   * Logical id. Without this filter an incomplete reassignment poisons the snapshot. Source: admin-api 2.2.
   */
  synchronizerId: string;
  /** Decimal int64. */
  offset: string;
  /** Logical id. */
  renameTo?: string;
  /** Of the synchronizer that it is renamed to, where a record says it. */
  protocolVersion?: number;
  excludedStakeholders?: string[];
  signal?: AbortSignal;
}

export interface RepairReads {
  /**
   * The ACS at `offset` as chunks of one gzip member. Throws from the iterator if the call does not end with
   * status OK: what was received before is worth nothing. `renameTo` replaces the synchronizer id in every
   * record.
   */
  exportAcs(request: ExportRequest): AsyncIterable<Uint8Array>;
  /** The alias of the synchronizer of each of these contracts that is active, published or not. */
  lookupContracts(contractIds: string[]): Promise<Map<string, string>>;
}

/** The arrival of parties on a participant that joins their synchronizer's other hosts. */
export interface OnboardingReads {
  /**
   * The highest offset (decimal int64) with a record time (RFC 3339) on the synchronizer up to this one.
   * Transient failure while the participant has not processed that far.
   */
  findOffsetAt(request: { synchronizerId: string; recordTime: string }): Promise<string>;
}

export interface CommitmentsReads {
  /**
   * The commitments due from others for periods that overlap a range (RFC 3339), by their end, oldest first.
   */
  listReceived(request: {
    synchronizerId: string;
    fromExclusive: string;
    toInclusive: string;
  }): Promise<CommitmentPeriod[]>;
  /** Those of this participant for periods that overlap a range, in the same order. */
  listSent(request: {
    synchronizerId: string;
    fromExclusive: string;
    toInclusive: string;
  }): Promise<CommitmentPeriod[]>;
  /**
   * How far each of these participants is behind, as this one sees it; none for one that it does not know.
   */
  listLags(request: { synchronizerId: string; counterParticipants: string[] }): Promise<CommitmentLag[]>;
  /** The reconciliation interval: a period of commitments ends at each multiple of it. */
  readIntervalMs(synchronizerId: string): Promise<number>;
}

/** A part of a participant's update stream; offsets are decimal int64. */
export interface LedgerRange {
  beginExclusive: string;
  endInclusive: string;
}

/** The same, as these parties see it: none of it if there are none. */
export interface PartiesRange extends LedgerRange {
  parties: string[];
  signal?: AbortSignal;
}

/** What is asked of the changes of an ACS. */
export interface ChangesRequest extends PartiesRange {
  /** Logical id. */
  synchronizerId: string;
  /** Logical id. */
  renameTo: string;
  excludedStakeholders: string[];
}

/** What one transaction created. */
export interface Creations {
  /** Empty where the transaction has none. */
  workflowId: string;
  createdCount: number;
}

export interface LedgerReads {
  /** Decimal int64. */
  readLedgerEnd(): Promise<string>;
  /** Decimal int64; `0` if nothing was pruned. */
  readPrunedOffset(): Promise<string>;
  /**
   * The ACS of `parties` at `offset`, without payloads, and the incomplete reassignments among it: as many at once
   * as have arrived, never none.
   */
  scanActiveContracts(request: {
    parties: string[];
    offset: string;
    signal?: AbortSignal;
  }): AsyncIterable<(ActiveContractSummary | IncompleteReassignment)[]>;
  /** What every transaction in the range created, of whatever party, in order. */
  scanCreations(request: LedgerRange): AsyncIterable<Creations>;
  /**
   * What the transactions in the range changed of the ACS of `parties` on one synchronizer, transaction by
   * transaction in order. A created contract comes as its record of an export with `renameTo` as
   * synchronizer.
   */
  scanChanges(request: ChangesRequest): AsyncIterable<AcsChange>;
  /**
   * The contracts of `parties` that ledger transactions in the range archived on one synchronizer; purges do
   * not count.
   */
  scanUsedContracts(request: PartiesRange & { synchronizerId: string }): AsyncIterable<string>;
  /**
   * The contracts of `parties` that left one synchronizer in the range, and those assigned to it, in order.
   */
  scanTurnover(request: PartiesRange & { synchronizerId: string }): AsyncIterable<Turnover>;
  /**
   * Contracts of `parties` that were unassigned in the range (`from`, logical id) or assigned (`to`), in
   * order.
   */
  scanReassignments(
    request: PartiesRange,
  ): AsyncIterable<{ contractId: string; from?: string; to?: string }>;
  /** What mappings changed in the range for these parties on any participant, in order. */
  scanPartyAuthorizations(request: PartiesRange): AsyncIterable<PartyAuthorization>;
  /** The record time (RFC 3339, microseconds) of the last event in the range that concerns the parties. */
  findLastRecordTime(request: PartiesRange): Promise<string | undefined>;
  /** How many transactions in the range concern the parties and were submitted through this participant. */
  countSubmissions(request: PartiesRange): Promise<number>;
  /** Parties a mapping ever activated on this participant. */
  listLocalParties(): Promise<string[]>;
}

export interface UsersReads {
  listIdentityProviders(): Promise<IdentityProvider[]>;
  /** Those of one identity provider, the default one if empty. */
  listUsers(identityProvider: string): Promise<User[]>;
  listRights(user: UserId): Promise<UserRight[]>;
}

export interface PartyDetailsReads {
  /** Parties with annotations that this identity provider sees, and parties of other ones without them. */
  listAnnotations(identityProvider: string): Promise<PartyAnnotations[]>;
}

export interface TrafficReads {
  /**
   * The parameters of a logical synchronizer; nothing if it does not control traffic. The node has to be
   * connected.
   */
  findControl(synchronizerId: string): Promise<TrafficControl | undefined>;
  /** What this participant may spend there, as it was at its last own event. The node has to be connected. */
  readBalance(synchronizerId: string): Promise<TrafficBalance>;
  /** How many participants get what is told to all. */
  countMembers(synchronizerId: string): Promise<number>;
  /** Whether this participant keeps accounts of its own for the traffic of its parties. */
  keepsAccounts(party: string): Promise<boolean>;
}
