import type { Synchronizer } from '../synchronizer.js';
import type { Replica } from './replica.js';
import type { StoredTransaction, TopologyStore } from './store.js';
import { signers } from './transaction.js';

/**
 * Sends the Authorized store of a node to a synchronizer, a moment after each change and after each connect.
 * What the synchronizer refuses is not sent again before the next connect. Source: admin-api 5.2.
 */
export class Outbox {
  private sent = 0;
  private inFlight = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly authorized: TopologyStore,
    private readonly replica: Replica,
    private readonly delayMs: number,
  ) {}

  /** Looks at the whole store again. */
  start(): void {
    this.sent = 0;
    this.wake();
  }

  /** Sends what is new, after the delay. */
  wake(): void {
    if (this.timer || !this.replica.isConnected) return;
    this.timer = setTimeout(() => this.flush(), this.delayMs);
    this.timer.unref();
  }

  /** Sends nothing any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.inFlight -= this.replica.synchronizer.traffic.forget(this);
  }

  /** How many transactions wait to be ordered. */
  get pendingCount(): number {
    return this.inFlight;
  }

  private flush(): void {
    this.timer = undefined;
    // What comes meanwhile is sent after the upgrade.
    if (this.replica.pendingUpgrade) return;
    const all = this.authorized.all();
    const fresh = all.slice(this.sent).filter((entry) => this.isFor(this.replica.synchronizer, entry));
    this.sent = all.length;
    for (const entry of fresh) {
      this.inFlight += 1;
      this.replica.synchronizer.send(this.replica.uid, [entry], {
        owner: this,
        done: () => (this.inFlight -= 1),
      });
    }
  }

  private isFor(synchronizer: Synchronizer, entry: StoredTransaction): boolean {
    const { mapping } = entry.transaction;
    if (mapping.code === 'dtc' && mapping.value.synchronizer_id !== synchronizer.info.logicalId)
      return false;
    if (mapping.code === 'ptp' || mapping.code === 'vtp') return entry.validUntil === undefined;
    const known = this.replica.store.findEver(entry.transaction);
    return !known || signers(entry).some((signer) => !signers(known).includes(signer));
  }
}
