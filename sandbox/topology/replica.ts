import { at } from '../clock.js';
import type { Absence, Peer } from '../exchange.js';
import type { Damage } from '../ledger/damage.js';
import type { PartyAuthorization, Progress } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { JournalRecords } from '../journal-records.js';
import type { Journal, LedgerPort } from '../node.js';
import type { Synchronizer } from '../synchronizer.js';
import { Authority } from './authority.js';
import { authorizations } from './hosting.js';
import { TopologyStore, type AsOf, type StoredTransaction } from './store.js';
import { signers, type SignedTransaction } from './transaction.js';

/** The node a replica belongs to. */
export interface ReplicaNode {
  readonly uid: string;
  /** Asked only once the node is complete. */
  readonly ledger: () => LedgerPort;
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
  private readonly waiting = new Map<() => void, () => void>();
  private readonly cancels = new Set<() => void>();
  private unsubscribe: (() => void)[] = [];

  constructor(
    readonly synchronizer: Synchronizer,
    private readonly journal: Journal,
    private readonly node: ReplicaNode,
  ) {
    const { physicalId: psid, logicalId } = synchronizer.info;
    this.authority = new Authority(this.store, synchronizer.namespace);
    const known = last(journal.replay('topology-position'), psid);
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
        exchange.saw(this.uid, Date.now() * 1000);
        this.advance(BigInt(Date.now()) * 1000n);
      }),
      exchange.onAppended(() => this.advance(BigInt(Date.now()) * 1000n)),
    ];
    this.advance(BigInt(Date.now()) * 1000n);
  }

  /** Stops following; the state stays as it is. */
  disconnect(): void {
    this.advance(BigInt(Date.now()) * 1000n);
    this.stop();
  }

  private stop(): void {
    if (this.isConnected) {
      this.leftAt = Date.now() * 1000;
      this.leftEnd = this.ledger.end;
    }
    this.connectedSince = undefined;
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

  /** Whether a transaction, with at least these signatures, is in effect here. */
  isInEffect(signed: SignedTransaction): boolean {
    const found = this.store.find(signed) ?? this.store.findEver(signed.transaction);
    if (!found || found.validFrom > BigInt(Date.now()) * 1000n) return false;
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
    for (;;) {
      const shared = this.synchronizer.exchange.log[this.exchanged];
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
  }

  /** Everything of one effective time is one event. */
  private reportDue(time: bigint): void {
    const events: PartyAuthorization[] = [];
    for (let next = this.due[0]; next?.time === time; next = this.due[0]) {
      this.due.shift();
      events.push(...next.events);
      this.reported = next.position;
    }
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
  }

  private processed(): Progress | undefined {
    return this.node.ledger().progress(this.synchronizer.info.physicalId);
  }

  private progress(recordTimeMicros: number): Progress {
    const { physicalId } = this.synchronizer.info;
    const { reported: topology, exchanged: exchange } = this;
    return { physicalId, topology, exchange, recordTimeMicros };
  }

  /** Learns the topology that has been ordered. */
  private follow(): void {
    for (const entry of this.synchronizer.log.slice(this.position)) this.apply(entry);
    const { physicalId: psid } = this.synchronizer.info;
    this.journal.append('topology-position', { psid, position: this.position });
  }

  private apply(entry: StoredTransaction): void {
    const before = this.store.latest(entry.transaction.key);
    this.store.add(entry, entry.sequenced, entry.validFrom);
    this.position += 1;
    const events = entry.isProposal ? [] : authorizations(before, entry);
    this.due.push({ time: entry.validFrom, events, position: this.position });
  }

  private wakeAt(time: bigint): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
    this.cancels.add(at(time, () => this.advance(BigInt(Date.now()) * 1000n)));
  }
}

function last(records: Iterable<JournalRecords['topology-position']>, psid: string): number {
  let position = 0;
  for (const record of records) if (record.psid === psid) position = record.position;
  return position;
}
