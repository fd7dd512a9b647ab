import type { Clock, Journal } from '../node.js';
import type { Sink } from './manager.js';
import { frozen } from './lsu.js';
import { topologyRefusal } from './refusals.js';
import type { Replica } from './replica.js';
import { TopologyStore } from './store.js';
import { WorkQueue } from './work-queue.js';
import { parseStored, storedBytes, type SignedTransaction } from './transaction.js';

/** The Authorized store of a node: durable, in effect at once. */
export class AuthorizedStore implements Sink {
  readonly store = new TopologyStore();

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {
    for (const { bytes, time } of journal.replay('authorized')) {
      this.store.add(parseStored(bytes), time, time);
    }
  }

  /** Never refuses: the limit concerns what waits for a synchronizer. */
  checkCapacity(): void {}

  /** Stores the transaction. */
  accept(signed: SignedTransaction): void {
    this.acceptAt(signed, this.clock.nowMicros());
  }

  /** Lets the outboxes know. */
  end(): void {
    this.onChange();
  }

  /** Stores a transaction of the initial state. */
  acceptAt(signed: SignedTransaction, time: bigint): void {
    this.journal.append('authorized', { bytes: storedBytes(signed), time });
    this.store.add(signed, time, time);
  }
}

/** How many transactions are ordered together. Source: live-route 2, step 7. */
const BATCH = 100;

/** The way from a node to a synchronizer: keeps transactions in memory until they are ordered. */
export class SynchronizerSink implements Sink {
  private unsent = 0;
  private unpaid = 0;
  private accepted: SignedTransaction[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly ordering = new WorkQueue();

  constructor(
    private readonly replica: Replica,
    private readonly settings: {
      readonly limit: number;
      readonly delayMs: number;
      /** Per transaction, one after the other. */
      readonly orderMicros: number;
    },
  ) {}

  /**
   * Refuses while an upgrade is announced, and when as many transactions as the limit wait to be ordered. Source:
   * admin-api 1.6; networks B.
   */
  checkCapacity(): void {
    const { psid, pendingUpgrade } = this.replica;
    if (pendingUpgrade) throw frozen(psid);
    if (this.unsent < this.settings.limit) return;
    const cause = 'Too many pending topology transactions on this node.';
    throw topologyRefusal({ psid }, 'TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS', 2, cause);
  }

  /** Keeps the transaction until the call that brought it ends. */
  accept(signed: SignedTransaction): void {
    this.accepted.push(signed);
  }

  /** Sends what one call brought after the dispatch delay: up to 100 transactions take effect together. */
  end(): void {
    const { accepted } = this;
    if (accepted.length === 0) return;
    this.accepted = [];
    this.unsent += accepted.length;
    this.after(this.settings.delayMs, () => this.send(accepted));
  }

  private after(ms: number, go: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      go();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }

  /** One batch after the other. */
  private send(transactions: readonly SignedTransaction[]): void {
    const batch = transactions.slice(0, BATCH);
    if (batch.length === 0) return;
    const { orderMicros } = this.settings;
    const sendNow = () => this.sendBatch(batch, transactions.slice(BATCH));
    if (orderMicros === 0) sendNow();
    else this.after(this.ordering.waitMs(orderMicros * batch.length), sendNow);
  }

  private sendBatch(batch: readonly SignedTransaction[], rest: readonly SignedTransaction[]): void {
    this.unpaid += batch.length;
    this.replica.synchronizer.send(this.replica.uid, batch, {
      owner: this,
      sent: () => (this.unpaid -= batch.length),
      done: () => {
        this.unsent -= batch.length;
        this.send(rest);
      },
    });
  }

  /** How many transactions wait to be ordered, but for those that wait for traffic. */
  get pendingCount(): number {
    return this.unsent - this.unpaid;
  }

  /** How many transactions wait for traffic. */
  get unpaidCount(): number {
    return this.unpaid;
  }

  /** Forgets what has not been sent. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.replica.synchronizer.traffic.forget(this);
  }
}
