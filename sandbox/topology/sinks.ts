import type { Clock, Journal } from '../node.js';
import { decode } from '../wire.js';
import type { Sink } from './manager.js';
import { topologyRefusal } from './refusals.js';
import type { Replica } from './replica.js';
import { TopologyStore } from './store.js';
import { parseSigned, storedBytes, type SignedTransaction } from './transaction.js';

/** The Authorized store of a node: durable, in effect at once. */
export class AuthorizedStore implements Sink {
  readonly store = new TopologyStore();

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {
    for (const record of journal.replay('authorized')) {
      const { bytes, time } = record as { bytes: Buffer; time: bigint };
      const data = decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', bytes)[
        'data'
      ] as Buffer;
      const message = decode('com.digitalasset.canton.protocol.v30.SignedTopologyTransaction', data);
      this.store.add(parseSigned(message), time, time);
    }
  }

  /** Never refuses: the limit concerns what waits for a synchronizer. */
  checkCapacity(): void {}

  /** Stores the transaction and lets the outboxes know. */
  accept(signed: SignedTransaction): void {
    this.acceptAt(signed, this.clock.nowMicros());
    this.onChange();
  }

  /** Stores a transaction of the initial state. */
  acceptAt(signed: SignedTransaction, time: bigint): void {
    this.journal.append('authorized', { bytes: storedBytes(signed), time });
    this.store.add(signed, time, time);
  }
}

/** The way from a node to a synchronizer: keeps transactions in memory until they are ordered. */
export class SynchronizerSink implements Sink {
  private unsent = 0;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly replica: Replica,
    private readonly limit: number,
    private readonly delayMs: number,
  ) {}

  /** Refuses when as many transactions as the limit wait to be ordered. Source: facts 1.6. */
  checkCapacity(): void {
    if (this.unsent < this.limit) return;
    const psid = this.replica.synchronizer.info.physicalId;
    const cause = `There are currently too many pending topology transactions (${this.unsent}), the limit is ${this.limit}.`;
    throw topologyRefusal({ psid }, 'TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS', 2, cause);
  }

  /** Sends the transaction after the dispatch delay. */
  accept(signed: SignedTransaction): void {
    this.unsent += 1;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.replica.synchronizer.submit(signed, () => (this.unsent -= 1));
    }, this.delayMs);
    timer.unref();
    this.timers.add(timer);
  }

  /** How many transactions wait to be ordered. */
  get pendingCount(): number {
    return this.unsent;
  }

  /** Forgets what has not been sent. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
