import type {
  Dar,
  DetachedSignature,
  IdentityProvider,
  ImportMode,
  PartyMapping,
  Permission,
  PruningSchedule,
  ResourceLimits,
  TopologyStore,
  UnsignedTransaction,
  User,
  UserId,
  UserRight,
  VettedPackage,
} from './participant.js';

export interface HealthChanges {
  /** Round trip to the admin party of `participantUid`. `failure` carries Canton's reason. */
  /** Over that synchronizer, whatever else the node is connected to. */
  ping(request: {
    participantUid: string;
    synchronizerId: string;
    timeoutMs: number;
  }): Promise<{ pingTimeMs: number } | { failure: string }>;
  /** Replaces all limits; one that is left out is cleared. */
  setResourceLimits(limits: ResourceLimits): Promise<void>;
  /** Replaces the pruning schedule; none clears it. */
  setPruningSchedule(schedule: PruningSchedule | undefined): Promise<void>;
}

/** What a participant may do for a party. */
export interface PartyHostedBy {
  party: string;
  participantUid: string;
  permission: Permission;
}

export interface TopologyChanges {
  /** Issues `namespace -> targetKey` for all but namespace delegations in the authorized store, fully authorised. */
  proposeDelegation(wanted: { namespace: string; targetKey: Uint8Array }): Promise<void>;
  /** Loads signed topology transactions in order. Not atomic: those before a refused one stay. */
  addTransactions(
    signed: Uint8Array[],
    store: TopologyStore,
    how?: { mustFullyAuthorize?: boolean },
  ): Promise<void>;
  /**
   * Replaces the mapping of a party, fully authorised. `mapping.serial` is the serial it is to get.
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
   * signed already is refused with ALREADY_EXISTS. `mapping.serial` is the serial it is to get.
   */
  proposePartyHosting(store: TopologyStore, mapping: PartyMapping): Promise<void>;
  /** Removes exactly this mapping. `mapping.serial` is the serial of the removal. */
  removePartyMapping(store: TopologyStore, mapping: PartyMapping): Promise<void>;
  /** Has the participant host a party, at once or when it connects. */
  hostParty(hosting: PartyHostedBy): Promise<void>;
  /** Removes exactly this. */
  unhostParty(hosting: PartyHostedBy): Promise<void>;
  /** Replaces the vetted packages of this participant. `serial` is the serial of the new mapping. */
  proposeVettedPackages(
    store: TopologyStore,
    wanted: { participantUid: string; packages: VettedPackage[]; serial: number },
  ): Promise<void>;
}

export interface SigningChanges {
  /**
   * Adds the participant's own signatures to transactions that carry at least one, in their order; nothing is stored
   * or sent. Works while disconnected. Fails if one of them needs no signature of this participant.
   *
   * `store`: what says for which namespaces it signs; `authorized` if left out. Only that of a synchronizer knows the
   * owners of a decentralised namespace.
   */
  addSignatures(signed: Uint8Array[], store?: TopologyStore): Promise<Uint8Array[]>;
  /** Adds a transaction with a signature that was made elsewhere; refused unless it suffices. */
  addSigned(
    transaction: UnsignedTransaction,
    signature: DetachedSignature,
    store: TopologyStore,
  ): Promise<void>;
  /**
   * Lets the participant sign a list of its own keys with each of them, in a temporary store that is dropped
   * afterwards: the round trip through its KMS. The list is that of `SigningReads.listOwnKeys`. Fails if a key does not
   * sign; nothing stays.
   */
  proveOwnKeys(request: {
    uid: string;
    stores: TopologyStore[];
    protocolVersion: number;
  }): Promise<void>;
}

export interface SynchronizersChanges {
  /** Changes only `manual_connect` of the stored configuration; everything else, known to us or not, is kept. */
  setManualConnect(alias: string, isManualConnect: boolean): Promise<void>;
  /** Also cancels a pending background reconnect of this alias. */
  disconnect(alias: string): Promise<void>;
  /** False if the participant goes on trying in the background. */
  reconnect(alias: string): Promise<boolean>;
  /** Registers the synchronizer of another participant's `readConfig` and connects; repeatable. False as above. */
  connectWith(config: Uint8Array): Promise<boolean>;
}

export interface PackagesChanges {
  /** Uploads without vetting. */
  uploadDar(dar: Dar, bytes: Uint8Array): Promise<void>;
  removeDar(mainPackageId: string): Promise<void>;
}

/** What is imported into an ACS, and where. */
export interface ImportRequest {
  chunks: AsyncIterable<Uint8Array>;
  /** Logical id. */
  synchronizerId: string;
  workflowIdPrefix: string;
  mode: ImportMode;
  /** All that move: whose contract keys the participant has to keep from now on. Not to be left out where it keeps any. */
  onboardedParties?: string[];
  signal?: AbortSignal;
  /** Called with the bytes of the snapshot handed to the transport so far. */
  onSent?: (bytes: number) => void;
}

export interface RepairChanges {
  /** Imports one gzip member. Resolves when the participant has committed; an abort does not undo a full upload. */
  importAcs(request: ImportRequest): Promise<void>;
  /**
   * Purges the contracts on the synchronizer of this alias; ids that are not active are ignored. `offboardedParties`: whose
   * contract keys the participant need not keep from now on, where it keeps any.
   */
  purgeContracts(alias: string, contractIds: string[], offboardedParties?: string[]): Promise<void>;
}

export interface OnboardingChanges {
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

export interface UsersChanges {
  createIdentityProvider(provider: IdentityProvider): Promise<void>;
  removeIdentityProvider(id: string): Promise<void>;
  /** Without rights. */
  createUser(user: User): Promise<void>;
  /** Adds to the annotations of a user; an empty value takes its key away. */
  annotateUser(user: UserId, annotations: Record<string, string>): Promise<void>;
  removeUser(user: UserId): Promise<void>;
  /** Those it has already are ignored. */
  grantRights(user: UserId, rights: UserRight[]): Promise<void>;
  revokeRights(user: UserId, rights: UserRight[]): Promise<void>;
}

export interface PartyDetailsChanges {
  /** Adds to the annotations of a local party; an empty value takes its key away. */
  annotate(party: string, annotations: Record<string, string>): Promise<void>;
}
