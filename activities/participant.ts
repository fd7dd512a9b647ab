import type {
  AcsChange,
  AllowedKeys,
  ActiveContractSummary,
  CommitmentLag,
  CommitmentPeriod,
  Dar,
  DetachedSignature,
  IdentityProvider,
  NamespaceDelegation,
  ParticipantStatus,
  PartyAnnotations,
  PartyAuthorization,
  PartyMapping,
  PruningSchedule,
  PublicSigningKey,
  RegisteredSynchronizer,
  ResourceLimits,
  StoredPackage,
  TopologyStore,
  UnsignedTransaction,
  User,
  UserId,
  UserRight,
  VaultKey,
  VettedPackage,
} from '../model/participant.js';

/**
 * What the activities ask of a participant, whatever its Canton generation. `canton/` implements it.
 *
 * Every method fails with a `CantonError` whose `kind` says who has to act. `find` may come back empty, `read`
 * fails if the thing is absent, `list` is complete (no paging left to the caller). Changes are single Canton
 * calls: making them repeatable is the business of the activity.
 */
export interface Participant {
  /** Name in the worker's configuration. */
  readonly name: string;
  readonly health: HealthClient;
  readonly vault: VaultClient;
  readonly topology: TopologyClient;
  readonly signing: SigningClient;
  readonly synchronizers: SynchronizersClient;
  readonly packages: PackagesClient;
  readonly repair: RepairClient;
  readonly onboarding: OnboardingClient;
  readonly commitments: CommitmentsClient;
  readonly ledger: LedgerClient;
  readonly users: UsersClient;
  readonly partyDetails: PartyDetailsClient;
  /** Closes both channels; no call may follow. */
  close(): void;
}

export interface HealthClient {
  /** Fails as refused if the node is not initialised. */
  readStatus(): Promise<ParticipantStatus>;
  /** The participant's uid, without `PAR::`. */
  readUid(): Promise<string>;
  /** Round trip to the admin party of `participantUid`. `failure` carries Canton's reason. */
  /** Over that synchronizer, whatever else the node is connected to. */
  ping(request: {
    participantUid: string;
    synchronizerId: string;
    timeoutMs: number;
  }): Promise<{ pingTimeMs: number } | { failure: string }>;
  /** Requests not yet sequenced, and requests sequenced but not finished, over all of a logical synchronizer. */
  countInFlight(
    synchronizerId: string,
  ): Promise<{ pendingSubmissions: number; pendingTransactions: number }>;
  readResourceLimits(): Promise<ResourceLimits>;
  /** Replaces all limits; one that is left out is cleared. */
  setResourceLimits(limits: ResourceLimits): Promise<void>;
  findPruningSchedule(): Promise<PruningSchedule | undefined>;
  /** Replaces the pruning schedule; none clears it. */
  setPruningSchedule(schedule: PruningSchedule | undefined): Promise<void>;
}

export interface VaultClient {
  listKeys(): Promise<VaultKey[]>;
  /** The public key as serialised `crypto.v30.SigningPublicKey`. */
  findSigningKey(fingerprint: string): Promise<Uint8Array | undefined>;
}

export interface TopologyClient {
  /** Effective, fully authorised delegations. Unknown and not yet connected stores fail as refused. */
  listDelegations(store: TopologyStore, namespace: string): Promise<NamespaceDelegation[]>;
  /** Issues `namespace -> targetKey` for all but namespace delegations in the authorized store, fully authorised. */
  proposeDelegation(wanted: { namespace: string; targetKey: Uint8Array }): Promise<void>;
  /** The signed delegations of `namespace` in the authorized store, as the exact bytes that were signed. */
  listSignedDelegations(
    namespace: string,
  ): Promise<{ delegation: NamespaceDelegation; signed: Uint8Array }[]>;
  /** Loads signed topology transactions in order. Not atomic: those before a refused one stay. */
  addTransactions(signed: Uint8Array[], store: TopologyStore): Promise<void>;

  /** Prefix filter on party, or exact filter on host; fully authorised mappings, or only proposals. */
  listPartyMappings(
    store: TopologyStore,
    filter: { party?: string; participantUid?: string },
    options?: { isProposal?: boolean },
  ): Promise<PartyMapping[]>;
  /**
   * Replaces the mapping of a party, fully authorised. `mapping.serial` is the serial it shall get.
   *
   * `isForced`: also where the participant itself leaves a party of whose contracts it holds active ones.
   */
  proposePartyMapping(
    store: TopologyStore,
    mapping: PartyMapping,
    options?: { isForced?: boolean },
  ): Promise<void>;
  /**
   * Proposes the mapping of a party with whatever keys the participant has; it may stay a proposal. One that it has
   * signed already is refused with ALREADY_EXISTS. `mapping.serial` is the serial it shall get.
   */
  proposePartyHosting(store: TopologyStore, mapping: PartyMapping): Promise<void>;
  /** The open proposals for parties of `namespace`, as the exact bytes that were signed. */
  listSignedPartyProposals(
    store: TopologyStore,
    namespace: string,
  ): Promise<{ mapping: PartyMapping; signed: Uint8Array }[]>;
  /** Removes exactly this mapping. `mapping.serial` is the serial the removal shall get. */
  removePartyMapping(store: TopologyStore, mapping: PartyMapping): Promise<void>;

  findVettedPackages(
    store: TopologyStore,
    participantUid: string,
  ): Promise<{ packages: VettedPackage[]; serial: number } | undefined>;
  /** Replaces the vetted packages of this participant. `serial` is the serial the mapping shall get. */
  proposeVettedPackages(
    store: TopologyStore,
    wanted: { participantUid: string; packages: VettedPackage[]; serial: number },
  ): Promise<void>;

  /** Namespaces with a decentralised namespace definition. */
  listDecentralizedNamespaces(store: TopologyStore): Promise<string[]>;
  /** Uids of the participants with a trust certificate. */
  listMembers(store: TopologyStore): Promise<string[]>;
  /** Whether an upgrade of the synchronizer is announced: only its own mappings are allowed then. */
  isUpgradeAnnounced(store: TopologyStore): Promise<boolean>;
}

/** Topology transactions that are signed elsewhere, and whether the participant's own keys sign. */
export interface SigningClient {
  /** The key of the root delegation of `namespace`, as the authorized store has it. */
  findRootKey(namespace: string): Promise<PublicSigningKey | undefined>;
  /** Builds, without signing or storing it, what {@link TopologyClient.proposeDelegation} would issue. */
  generateDelegation(wanted: { namespace: string; targetKey: Uint8Array }): Promise<UnsignedTransaction>;
  /** Builds, without signing or storing it, what {@link TopologyClient.proposePartyMapping} would issue. */
  generatePartyMapping(store: TopologyStore, mapping: PartyMapping): Promise<UnsignedTransaction>;
  /** A proposal with one signature that was made elsewhere, as {@link addSignatures} takes it. */
  assembleProposal(transaction: UnsignedTransaction, signature: DetachedSignature): Uint8Array;
  /**
   * Adds the participant's own signatures to transactions that carry at least one, in their order; nothing is stored
   * or sent. Works while disconnected. Fails if one of them needs no signature of this participant.
   */
  addSignatures(signed: Uint8Array[]): Promise<Uint8Array[]>;
  /** Adds a transaction with a signature that was made elsewhere; refused unless it suffices. */
  addSigned(
    transaction: UnsignedTransaction,
    signature: DetachedSignature,
    store: TopologyStore,
  ): Promise<void>;
  /**
   * Lets the participant sign a list of its own keys with each of them, in a temporary store that is dropped
   * afterwards: the round trip through its KMS. Fails if a key does not sign; nothing stays.
   */
  proveOwnKeys(request: { uid: string; protocolVersion: number }): Promise<void>;
}

export interface SynchronizersClient {
  /** Every registered synchronizer of any status that was not superseded, ordered by alias. */
  listRegistered(): Promise<RegisteredSynchronizer[]>;
  /**
   * What the sequencers of the stored configuration say that their synchronizer allows; the first answer counts.
   * `unanswered` if none comes: every address with why, the same words for the same reason.
   */
  findAllowedKeys(alias: string): Promise<AllowedKeys | { unanswered: string[] }>;
  /** Changes only `manual_connect` of the stored configuration; everything else, known to us or not, is kept. */
  setManualConnect(alias: string, isManualConnect: boolean): Promise<void>;
  /** Also cancels a pending background reconnect of this alias. */
  disconnect(alias: string): Promise<void>;
  /** False if the participant goes on trying in the background. */
  reconnect(alias: string): Promise<boolean>;
  /** The stored configuration as serialised `SynchronizerConnectionConfig`. */
  readConfig(alias: string): Promise<Uint8Array>;
  /** Registers the synchronizer of another participant's {@link readConfig} and connects; repeatable. False as above. */
  connectWith(config: Uint8Array): Promise<boolean>;
}

export interface PackagesClient {
  listDars(): Promise<Dar[]>;
  readDar(mainPackageId: string): Promise<Uint8Array>;
  /** Uploads without vetting. */
  uploadDar(dar: Dar, bytes: Uint8Array): Promise<void>;
  removeDar(mainPackageId: string): Promise<void>;
  listPackages(): Promise<StoredPackage[]>;
  /** Every package of a DAR: the main one and all it depends on. */
  listContents(mainPackageId: string): Promise<StoredPackage[]>;
}

export interface RepairClient {
  /**
   * The ACS at `offset` as chunks of one gzip member. Throws from the iterator if the call does not end with
   * status OK: what was received before is worth nothing. `renameTo` replaces the synchronizer id in every record.
   */
  exportAcs(request: {
    parties: string[];
    synchronizerId: string;
    /** Decimal int64. */
    offset: string;
    renameTo?: string;
    excludedStakeholders?: string[];
    signal?: AbortSignal;
  }): AsyncIterable<Uint8Array>;
  /** Imports one gzip member. Resolves when the participant has committed; an abort does not undo a full upload. */
  importAcs(request: {
    chunks: AsyncIterable<Uint8Array>;
    synchronizerId: string;
    workflowIdPrefix: string;
    mode: 'validation' | 'accept';
    signal?: AbortSignal;
    onSent?: (bytes: number) => void;
  }): Promise<void>;
  /** Purges the contracts on the synchronizer of this alias; ids that are not active are ignored. */
  purgeContracts(alias: string, contractIds: string[]): Promise<void>;
}

/** The arrival of parties on a participant that joins their synchronizer's other hosts. */
export interface OnboardingClient {
  /**
   * The highest offset (decimal int64) with a record time (RFC 3339) on the synchronizer up to this one. Transient
   * failure while the participant has not processed that far.
   */
  findOffsetAt(request: { synchronizerId: string; recordTime: string }): Promise<string>;
  /**
   * Asks the participant to clear the onboarding flag of a party as soon as that is safe, and says whether it is gone.
   *
   * `beginExclusive` must lie behind every earlier activation of the party here: the first one that is found after it
   * decides how long to wait. `timeoutMs` limits the search. To be repeated, also after a restart of the participant.
   */
  clearFlag(request: {
    party: string;
    synchronizerId: string;
    /** Decimal int64. */
    beginExclusive: string;
    timeoutMs: number;
  }): Promise<{
    isOnboarded: boolean;
    /** RFC 3339, microseconds. */
    earliestRetry?: string;
  }>;
}

export interface CommitmentsClient {
  /** The commitments due from others for periods that overlap a range (RFC 3339), by their end, oldest first. */
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
  /** How far each of these participants is behind, as this one sees it; none for one that it does not know. */
  listLags(request: { synchronizerId: string; counterParticipants: string[] }): Promise<CommitmentLag[]>;
  /** The reconciliation interval: a period of commitments ends at each multiple of it. */
  readIntervalMs(synchronizerId: string): Promise<number>;
}

export interface LedgerClient {
  /** Decimal int64. */
  readLedgerEnd(): Promise<string>;
  /** Decimal int64; `0` if nothing was pruned. */
  readPrunedOffset(): Promise<string>;
  /** The ACS of `parties` at `offset`, without payloads, and the incomplete reassignments among it. */
  scanActiveContracts(request: {
    parties: string[];
    offset: string;
    signal?: AbortSignal;
  }): AsyncIterable<ActiveContractSummary | { incompleteReassignmentOf: string }>;
  /** The workflow id of every transaction in the range, in order. */
  scanWorkflowIds(request: { beginExclusive: string; endInclusive: string }): AsyncIterable<string>;
  /**
   * What the transactions in the range changed of the ACS of `parties` on one synchronizer, transaction by
   * transaction in order. A created contract comes as its record of an export with `renameTo` as synchronizer.
   */
  scanChanges(request: {
    parties: string[];
    synchronizerId: string;
    renameTo: string;
    excludedStakeholders: string[];
    beginExclusive: string;
    endInclusive: string;
    signal?: AbortSignal;
  }): AsyncIterable<AcsChange>;
  /** The contracts of `parties` that ledger transactions in the range archived on one synchronizer; purges do not count. */
  scanUsedContracts(request: {
    parties: string[];
    synchronizerId: string;
    beginExclusive: string;
    endInclusive: string;
    signal?: AbortSignal;
  }): AsyncIterable<string>;
  /** What mappings changed in the range for these parties on any participant, in order. */
  scanPartyAuthorizations(request: {
    parties: string[];
    beginExclusive: string;
    endInclusive: string;
  }): AsyncIterable<PartyAuthorization>;
  /** The record time (RFC 3339, microseconds) of the last event in the range that concerns the parties. */
  findLastRecordTime(request: {
    parties: string[];
    beginExclusive: string;
    endInclusive: string;
  }): Promise<string | undefined>;
  /** How many transactions in the range concern the parties and were submitted through this participant. */
  countSubmissions(request: {
    parties: string[];
    beginExclusive: string;
    endInclusive: string;
  }): Promise<number>;
  /** Parties a mapping ever activated on this participant. */
  listLocalParties(): Promise<string[]>;
}

export interface UsersClient {
  listIdentityProviders(): Promise<IdentityProvider[]>;
  createIdentityProvider(provider: IdentityProvider): Promise<void>;
  removeIdentityProvider(id: string): Promise<void>;
  /** Those of one identity provider, the default one if empty. */
  listUsers(identityProvider: string): Promise<User[]>;
  /** Without rights. */
  createUser(user: User): Promise<void>;
  /** Adds to the annotations of a user; an empty value takes its key away. */
  annotateUser(user: UserId, annotations: Record<string, string>): Promise<void>;
  removeUser(user: UserId): Promise<void>;
  listRights(user: UserId): Promise<UserRight[]>;
  /** Those it has already are ignored. */
  grantRights(user: UserId, rights: UserRight[]): Promise<void>;
  revokeRights(user: UserId, rights: UserRight[]): Promise<void>;
}

export interface PartyDetailsClient {
  /** Parties with annotations that this identity provider sees, and parties of other ones without them. */
  listAnnotations(identityProvider: string): Promise<PartyAnnotations[]>;
  /** Adds to the annotations of a local party; an empty value takes its key away. */
  annotate(party: string, annotations: Record<string, string>): Promise<void>;
}
