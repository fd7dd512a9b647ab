/**
 * The seams of the sandbox: what the topology half and the ledger half of a simulated participant ask of
 * each other. Both halves run in one process per sandbox; a participant can crash and restart inside it.
 */
import type { SharedTransaction } from './exchange.js';
import type { Services } from './grpc.js';
import type { JournalRecords } from './journal-records.js';
import type { Damage } from './ledger/damage.js';
import type { PartyAuthorization, Progress } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';
import type { HostingParticipant } from './topology/mapping.js';
import type { PartyKeys } from './topology/party-keys.js';
import type { SignedTransaction } from './topology/transaction.js';
import type { TrafficShortage } from './traffic.js';
import type { VettingRequest } from './vetting-checks.js';

/** How vetting is proposed. */
export interface VettingOptions {
  readonly wait: boolean;
  /** Whether a package may stay vetted without what it depends on. */
  readonly allowsUnvettedDependencies?: boolean;
}

/** A synchronizer as a participant sees it. */
export interface SynchronizerInfo {
  /** Node-local alias. */
  readonly alias: string;
  /** `name::fingerprint`. */
  readonly logicalId: string;
  /** `name::fingerprint::34-0`: with protocol version and serial. */
  readonly physicalId: string;
}

/** What the ledger half asks of the topology half of the same participant. */
export interface TopologyPort {
  /** Every synchronizer this participant ever registered, in order of registration. */
  registered(): readonly SynchronizerInfo[];
  /** Those it is connected to now. */
  connected(): readonly SynchronizerInfo[];
  /** Looks up by alias, logical id or physical id. */
  find(key: string): SynchronizerInfo | undefined;
  /** Whether this node once connected to or shook hands with the synchronizer (static parameters are known). */
  hasJoined(logicalId: string): boolean;
  /** Uids of the participants that host `party` on the synchronizer, by effective, authorised mappings. */
  hosts(logicalId: string, party: string): readonly string[];
  /** The same with permission and onboarding flag. */
  hosting(logicalId: string, party: string): readonly HostingParticipant[];
  /** How many of the party's hosts have to confirm. */
  threshold(logicalId: string, party: string): number;
  /** The order of ledger transactions on a synchronizer; undefined until the node has joined it. */
  order(logicalId: string): LedgerOrder | undefined;
  /** Package ids this participant has vetted and that are valid now on the synchronizer. */
  vetted(logicalId: string): ReadonlySet<string>;
  /** Proposes and distributes this participant's own VettedPackages mapping; resolves when it is visible. */
  vet(logicalId: string, packageIds: readonly string[], options: VettingOptions): Promise<void>;
  /** Every party known to this node with whether a mapping ever activated it here (sticky `is_local`). */
  knownParties(): ReadonlyMap<string, boolean>;
  /** Whether the node can sign what it submits: false once the KMS has lost its keys. Absent: always. */
  canSign?(): boolean;
  /** Whether the sequencer of a synchronizer (logical id) answers. */
  isReachable?(logicalId: string): boolean;
  /** Whether a mapping of the party names this node with the onboarding flag, proposed or in effect. Absent: never. */
  isOnboarding?(logicalId: string, party: string): boolean;
  /** Has the node clear the onboarding flag of the party by itself, once it is safe. */
  clearWhenSafe?(logicalId: string, party: string): void;
  /** Self-signed party in this participant's own namespace, hosted here, on the one connected synchronizer. */
  allocateParty(hint: string, synchronizer: SynchronizerInfo): Promise<string>;
  /** Signs for this node and adds what makes a party of another namespace known; waits for its effect if told to. Absent: nothing is. */
  allocateExternal?(
    synchronizer: SynchronizerInfo,
    transactions: readonly SignedTransaction[],
    waits: boolean,
  ): Promise<void>;
  /** The keys that sign submissions of a party outside every node, and how many of them have to. Absent: no party has any. */
  signingKeys?(logicalId: string, party: string): PartyKeys | undefined;
}

/** The order of ledger transactions on one synchronizer, as the ledger half of a participant meets it. */
export interface LedgerOrder {
  /** Whether the node is connected and the sequencer answers. */
  readonly isOpen: boolean;
  /** Whether the sequencer takes nothing from this node. */
  readonly isLockedOut: boolean;
  /** Resolves once the sequencer answers. */
  whenUp(): Promise<void>;
  /** Returns the record time of what comes next, microseconds: everything that takes effect up to it is in the ledger. */
  nextTime(): number;
  /** Hosts of a party in effect on the synchronizer at a time, microseconds. */
  hostsAt(party: string, timeMicros: number): readonly HostingParticipant[];
  /** Uids of the real participants that host one of the parties. */
  realHosts(parties: Iterable<string>, timeMicros: number): readonly string[];
  /** Whether another real participant hosts one of the parties. */
  isShared(parties: Iterable<string>, timeMicros: number): boolean;
  /** Package ids a participant has vetted. */
  vettedBy(uid: string): ReadonlySet<string>;
  /** Takes the traffic for a request of that size to the hosts of the informees, or says what is missing. */
  pay(bytes: number, informees: Iterable<string>): TrafficShortage | undefined;
  /** What the last event of this node cost. */
  readonly lastCost: number;
  /** Whether the contract has ended: by a shared transaction, or on a participant that runs. */
  isSpent(contractId: string): boolean;
  /** Orders a transaction: every connected host, this one too, has it in its ledger when this returns. */
  publish(transaction: SharedTransaction): void;
  /** Puts a request in flight on the other hosts of the parties; returns how to end it. */
  announce(parties: Iterable<string>): () => void;
  /** Requests of others in flight on this node. */
  readonly pendingCount: number;
}

/** What the topology half asks of the ledger half of the same participant. */
export interface LedgerPort {
  /** Whether an import holds the indexer in repair mode (admin-api 2.3: connecting now poisons the node). */
  isInRepair(): boolean;
  /**
   * Called before a connect, which runs on the connect-and-repair queue: refuses it during an import, which breaks the
   * queue, and on a synchronizer (logical id) whose history is damaged here, which breaks it as well; on a broken queue it
   * ends the process (admin-api 2.3, live-route 6).
   */
  checkConnect(logicalId: string): void;
  /** Called before a node follows a synchronizer: drops dirty rows of unfinished imports. */
  onConnecting(): void;
  /** A synchronizer takes nothing from this node any more, and has cut its connection: the process ends. */
  onAccessDisabled(): void;
  /** Called after a synchronizer got disconnected. */
  onDisconnected(synchronizer: SynchronizerInfo): void;
  /** Hosting changes of one effective time on a synchronizer this node is connected to: one ledger event. */
  onPartyAuthorizations(
    logicalId: string,
    events: readonly PartyAuthorization[],
    progress: Progress,
  ): void;
  /** A shared transaction was ordered on a synchronizer this node is connected to. */
  onShared(
    transaction: SharedTransaction,
    synchronizer: { readonly info: SynchronizerInfo },
    progress: Progress,
  ): void;
  /** How far the ledger is on a synchronizer (logical id). */
  progress(logicalId: string): Progress | undefined;
  readonly ledger: Ledger;
  readonly damage: Damage;
  /** Returns a synchronizer (logical id) on which this node holds an active contract with `party` as a stakeholder. */
  withActiveContracts(party: string): string | undefined;
  /** Package ids in the package store. */
  packageIds(): ReadonlySet<string>;
  /** What the package store says to the checks of vetting. */
  packages(): Pick<VettingRequest, 'known' | 'contentsOf'>;
}

/** Durable state of one participant: an append-only journal, replayed in order at start. */
export interface Journal {
  /** Resolves once the record would survive `kill -9` of the process. */
  append<K extends keyof JournalRecords>(kind: K, record: JournalRecords[K]): void;
  /** Every record appended before, oldest first. */
  replay<K extends keyof JournalRecords>(kind: K): Iterable<JournalRecords[K]>;
  /** A folder of this participant for bulk files (contract blobs, DARs). Absolute path. */
  readonly folder: string;
}

/** Time of a sandbox; every reading is later than the one before. */
export interface Clock {
  /** UTC, microseconds since 1970. */
  nowMicros(): bigint;
}

/** What a participant gives its ledger half. Made anew at every start; a crash drops it, the journal stays. */
export interface LedgerNode {
  /** The node's local name, as in `ErrorInfo.metadata.participant`. */
  readonly name: string;
  readonly uid: string;
  /** E.g. `3.5.10-SNAPSHOT`. */
  readonly version: string;
  readonly journal: Journal;
  readonly topology: TopologyPort;
  readonly clock: Clock;
  readonly settings: LedgerSettings;
  /** Ends the participant's process at once (admin-api 2.3); never returns to a caller that still has a client. */
  readonly die: (reason: string) => void;
}

/** The part of a scenario that concerns the ledger half. All have a default in `scenario.ts`. */
export interface LedgerSettings {
  /** How long the node is busy per contract that it imports and validates, in microseconds; 0 in tests. */
  readonly importMicrosPerContract: number;
  /** The same in mode ACCEPT. */
  readonly acceptMicrosPerContract: number;
  /** How long the node is busy per `ImportAcs` call besides, in milliseconds; 20 if absent. */
  readonly importCallMs?: number;
  /** How long the node is busy per exported contract, in microseconds; 2 if absent. */
  readonly exportMicrosPerContract?: number;
  /** How long it is busy per party that an export asks for, in microseconds; not at all if absent. */
  readonly exportMicrosPerParty?: number;
  /** How long "Repair in progress" lasts after an upload was cancelled half-way, in milliseconds; 500 if absent. */
  readonly cancelledRepairMs?: number;
  /** `enable-all-ledger-api-reassignments`: imports of reassigned contracts are accepted; false if absent. */
  readonly allowsReassigned?: boolean;
  /** How long a submission is in flight, in milliseconds; at once if absent. */
  readonly submissionMs?: number;
  /** How long a node interprets commands with a contract that has ended, in milliseconds; not at all if absent. */
  readonly indexingMs?: number;
  /** How long a ping takes, in milliseconds. */
  readonly pingMs: number;
  /** How long a ping that nobody answers takes at most, in milliseconds; its whole timeout if absent. */
  readonly failedPingMs?: number;
}

/** What `createLedgerHalf(node: LedgerNode)` returns. */
export interface LedgerHalf {
  readonly port: LedgerPort;
  readonly adminServices: Services;
  readonly ledgerServices: Services;
  /** Ends timers and open files; called on a stop and on a crash, so it must not write. */
  close(): void;
}

/** A number of alike contracts. */
export interface ContractSeed {
  readonly count: number;
  /** Package name of the template's DAR, e.g. `lab-iou`. */
  readonly packageName: string;
  /** The contract's signatories and observers are taken from these in turn, `partiesPerContract` at a time. */
  readonly parties: readonly string[];
  /** Signs every contract in place of one of those. */
  readonly payer?: string;
  readonly partiesPerContract: number;
  /** Length of the padding text in each contract, in bytes. */
  readonly paddingBytes: number;
  /** Logical id of the synchronizer the contracts are on. */
  readonly synchronizer: string;
}
