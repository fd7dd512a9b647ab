import { at } from '../clock.js';
import type { Absence, Peer } from '../exchange.js';
import type { Damage } from '../ledger/damage.js';
import type { PartyAuthorization, Progress } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { JournalRecords } from '../journal-records.js';
import type { Journal, LedgerPort } from '../node.js';
import type { Synchronizer } from '../synchronizer.js';
import { Authority } from './authority.js';
import { isLoginAhead } from './grants.js';
import { authorizations } from './hosting.js';
import { pendingUpgrade, type PendingUpgrade } from './lsu.js';
import { TopologyStore, type AsOf, type StoredTransaction } from './store.js';
import { signers, type SignedTransaction } from './transaction.js';

/** The node a replica belongs to. */
export interface ReplicaNode {
  readonly uid: string;
  /** Asked only once the node is complete. */
  readonly ledger: () => LedgerPort;
}

/** A successor that a node was told of by hand, and what it knows without having followed it. */
export interface LateUpgrade {
  readonly psid: string;
  readonly topology: number;
  readonly exchange: number;
}

/** What takes effect at a time, of one topology transaction. */
interface Due {
  readonly time: bigint;
  readonly events: readonly PartyAuthorization[];
  readonly position: number;
}

/**
 * What one participant knows of a synchronizer. It grows while the participant is connected: topology as it is ordered;
 * hosting changes and shared ledger transactions reach the ledger in the order of their times.
 */
export class Replica implements Peer {
  readonly store = new TopologyStore();
  readonly authority: Authority;
  connectedSince: number | undefined;
  /** The physical synchronizers that it has a store for, oldest first. */
  psids: readonly string[];
  /** Called whenever it has learnt something while connected. */
  onLearnt: () => void = () => {};
  private isLearning = false;
  absence: Absence | undefined;
  /** When it was disconnected last; UTC, microseconds. */
  private leftAt: number;
  /** Its ledger end then; undefined if that was in an earlier run. */
  private leftEnd: number | undefined;
  private position = 0;
  private reported = 0;
  private exchanged = 0;
  private isLoaded = false;
  private due: Due[] = [];
  private awaitingSwitch: (() => void)[] = [];
  private readonly waiting = new Map<() => void, () => void>();
  private readonly cancels = new Set<() => void>();
  private unsubscribe: (() => void)[] = [];
  private lockOut: NodeJS.Timeout | undefined;

  constructor(
    readonly synchronizer: Synchronizer,
    /** The physical synchronizer that the node uses. */
    public psid: string,
    private readonly journal: Journal,
    private readonly node: ReplicaNode,
  ) {
    const { logicalId } = synchronizer.info;
    this.psids = [psid];
    this.authority = new Authority(this.store, synchronizer.namespace);
    const known = last(journal.replay('topology-position'), logicalId);
    for (const entry of synchronizer.log.slice(0, known)) this.apply(entry);
    const left = [...journal.replay('disconnected')];
    this.leftAt = left.findLast((one) => one.logicalId === logicalId)?.atMicros ?? 0;
    synchronizer.exchange.peers.set(node.uid, this);
  }

  get uid(): string {
    return this.node.uid;
  }

  get ledger(): Ledger {
    return this.node.ledger().ledger;
  }

  get damage(): Damage {
    return this.node.ledger().damage;
  }

  get cleanTime(): number {
    if (this.isConnected) return Date.now() * 1000;
    return Math.max(this.leftAt, this.processed()?.recordTimeMicros ?? 0);
  }

  get isConnected(): boolean {
    return this.connectedSince !== undefined;
  }

  /** Whether it uses the physical synchronizer that orders now. */
  get isCurrent(): boolean {
    return this.psid === this.synchronizer.info.physicalId;
  }

  /** The upgrade it knows of that is not done for it: until then the topology is frozen. */
  get pendingUpgrade(): PendingUpgrade | undefined {
    return pendingUpgrade(this.store, this.psid, BigInt(Date.now()) * 1000n);
  }

  /** Goes over to a successor and catches up with it. */
  switchTo(psid: string): void {
    this.psid = psid;
    if (this.isConnected) {
      this.follow();
      this.advance(BigInt(Date.now()) * 1000n);
    }
    const waiting = this.awaitingSwitch;
    this.awaitingSwitch = [];
    for (const go of waiting) go();
  }

  /** Calls back once it uses the physical synchronizer that orders now, at once if it does. */
  whenCurrent(go: () => void): void {
    if (this.isCurrent || !this.isConnected) go();
    else this.awaitingSwitch.push(go);
  }

  /** Goes over to a successor without its predecessor: what that one ordered last is lost to the node. */
  switchLate(psid: string): void {
    const end = this.synchronizer.upgrades.endOf(this.psid);
    if (!end) return;
    this.follow();
    const late = { psid, topology: end.position, exchange: end.exchanged };
    this.journal.append('late-upgrade', late);
    this.load();
    this.skip(late);
    this.psid = psid;
  }

  private skip({ topology, exchange }: LateUpgrade): void {
    this.reported = Math.max(this.reported, topology);
    this.exchanged = Math.max(this.exchanged, exchange);
    this.due = this.due.filter(({ position }) => position > this.reported);
  }

  /** Catches up with the synchronizer and follows it. */
  connect(): void {
    if (this.isConnected) return;
    const since = this.cleanTime;
    const { ledger, leftEnd = ledger.offsetAt(since - 1) } = this;
    this.absence = since > 0 ? { since, begin: leftEnd, end: ledger.end } : undefined;
    this.connectedSince = Date.now() * 1000;
    this.follow();
    const { exchange } = this.synchronizer;
    this.unsubscribe = [
      this.synchronizer.onSequenced(() => {
        this.follow();
        this.watchAccess();
        exchange.saw(this.uid, Date.now() * 1000);
        this.advance(BigInt(Date.now()) * 1000n);
      }),
      exchange.onAppended(() => this.advance(BigInt(Date.now()) * 1000n)),
    ];
    this.watchAccess();
    this.advance(BigInt(Date.now()) * 1000n);
  }

  /** Stops following; the state stays as it is. */
  disconnect(): void {
    this.advance(BigInt(Date.now()) * 1000n);
    this.stop();
  }

  /** Whether the sequencer takes nothing from this member: it may log in only later. */
  get isLockedOut(): boolean {
    const { logicalId } = this.synchronizer.info;
    return isLoginAhead({ store: this.synchronizer.store, logicalId }, this.uid);
  }

  /** A node that stays connected where it may not log in ends a while later. Source: networks E. */
  private watchAccess(): void {
    if (this.lockOut || !this.isLockedOut) return;
    this.lockOut = setTimeout(() => {
      this.lockOut = undefined;
      if (this.isConnected && this.isLockedOut) this.node.ledger().onAccessDisabled();
    }, this.synchronizer.settings.lockedOutMs);
    this.lockOut.unref();
  }

  private stop(): void {
    clearTimeout(this.lockOut);
    this.lockOut = undefined;
    if (this.isConnected) {
      this.leftAt = Date.now() * 1000;
      this.leftEnd = this.ledger.end;
    }
    this.connectedSince = undefined;
    const waiting = this.awaitingSwitch;
    this.awaitingSwitch = [];
    for (const go of waiting) go();
    for (const stop of this.unsubscribe) stop();
    this.unsubscribe = [];
  }

  /** Ends every timer; for a node that goes down. */
  close(): void {
    this.stop();
    const { peers } = this.synchronizer.exchange;
    if (peers.get(this.uid) === this) peers.delete(this.uid);
    for (const giveUp of [...this.waiting.values()]) giveUp();
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  /** Which state a head-state read sees: effective entries while connected, open ones otherwise. */
  head(): AsOf {
    return this.isConnected ? { kind: 'at', time: BigInt(Date.now()) * 1000n } : { kind: 'open' };
  }

  /** Whether a transaction is in effect here, or is a proposal with at least these signatures. */
  isInEffect(signed: SignedTransaction): boolean {
    const found = this.store.find(signed) ?? this.store.findEver(signed.transaction);
    if (!found || found.validFrom > BigInt(Date.now()) * 1000n) return false;
    if (!found.isProposal) return true;
    const known = new Set(signers(found));
    return signers(signed).every((id) => known.has(id));
  }

  /** Resolves true once the transactions are in effect, false when the time is up or the node goes down. */
  async whenInEffect(wanted: readonly SignedTransaction[], timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isInEffect: boolean) => {
        this.waiting.delete(look);
        clearTimeout(timer);
        resolve(isInEffect);
      };
      const look = () => {
        if (wanted.every((signed) => this.isInEffect(signed))) finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.waiting.set(look, () => finish(false));
      look();
    });
  }

  /** How many transactions are known but not in effect yet. */
  get pendingCount(): number {
    this.load();
    return this.due.length;
  }

  /**
   * Hands everything up to a time to the ledger, UTC, microseconds: hosting changes that have taken effect, each time one
   * event, and shared transactions. What takes effect at the time of a transaction comes before it.
   */
  advance(until: bigint): void {
    if (!this.isConnected) return;
    this.load();
    const end = this.synchronizer.upgrades.endOf(this.psid)?.exchanged ?? Infinity;
    for (;;) {
      const isOrdered = this.exchanged < end;
      const shared = isOrdered ? this.synchronizer.exchange.log[this.exchanged] : undefined;
      const next = this.due[0];
      const limit = shared ? BigInt(shared.recordTimeMicros) : until;
      if (next && next.time <= limit) this.reportDue(next.time);
      else if (shared) {
        this.exchanged += 1;
        this.node.ledger().onShared(shared, this.synchronizer, this.progress(shared.recordTimeMicros));
      } else break;
    }
    for (const look of [...this.waiting.keys()]) look();
    if (this.due[0]) this.wakeAt(this.due[0].time);
    this.learnt();
  }

  private learnt(): void {
    if (this.isLearning) return;
    this.isLearning = true;
    this.onLearnt();
    this.isLearning = false;
  }

  /** Everything of one effective time is one event. */
  private reportDue(time: bigint): void {
    const later = this.due.findIndex((next) => next.time !== time);
    const together = this.due.splice(0, later === -1 ? this.due.length : later);
    this.reported = together.at(-1)?.position ?? this.reported;
    const events = together.flatMap((next) => next.events);
    if (events.length === 0) return;
    const { logicalId } = this.synchronizer.info;
    this.node.ledger().onPartyAuthorizations(logicalId, events, this.progress(Number(time)));
  }

  /** Finds out how far the ledger is; what it has is not handed to it again. */
  private load(): void {
    if (this.isLoaded) return;
    this.isLoaded = true;
    const progress = this.processed();
    this.reported = progress?.topology ?? 0;
    this.exchanged = progress?.exchange ?? 0;
    this.due = this.due.filter(({ position }) => position > this.reported);
    for (const late of this.journal.replay('late-upgrade'))
      if (this.psids.includes(late.psid)) this.skip(late);
  }

  private processed(): Progress | undefined {
    const { logicalId } = this.synchronizer.info;
    return this.node.ledger().progress(logicalId);
  }

  private progress(recordTimeMicros: number): Progress {
    const { logicalId } = this.synchronizer.info;
    const { reported: topology, exchanged: exchange } = this;
    return { logicalId, topology, exchange, recordTimeMicros };
  }

  /** Learns the topology that has been ordered. */
  private follow(): void {
    const end = this.synchronizer.upgrades.endOf(this.psid)?.position;
    for (const entry of this.synchronizer.log.slice(this.position, end)) this.apply(entry);
    const { logicalId } = this.synchronizer.info;
    this.journal.append('topology-position', { logicalId, position: this.position });
  }

  private apply(entry: StoredTransaction): void {
    const before = this.store.latest(entry.transaction.key);
    this.store.add(entry, entry.sequenced, entry.validFrom);
    this.position += 1;
    const events = entry.isProposal
      ? []
      : authorizations(before, entry, this.synchronizer.protocolVersion);
    this.due.push({ time: entry.validFrom, events, position: this.position });
  }

  private wakeAt(time: bigint): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
    this.cancels.add(at(time, () => this.advance(BigInt(Date.now()) * 1000n)));
  }
}

function last(records: Iterable<JournalRecords['topology-position']>, logicalId: string): number {
  let position = 0;
  for (const record of records) if (record.logicalId === logicalId) position = record.position;
  return position;
}
