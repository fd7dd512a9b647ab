import { setTimeout } from 'node:timers/promises';
import type { Clock, Journal, LedgerPort } from '../node.js';
import type { Synchronizer } from '../synchronizer.js';
import { CantonRefusal, fieldNotSet, shortenIds } from '../errors.js';
import type { Decoded } from '../wire.js';
import { Authority } from './authority.js';
import { TopologyManager, type ManagerNode } from './manager.js';
import { isAfter } from './lsu.js';
import { Outbox } from './outbox.js';
import { Replica } from './replica.js';
import { AuthorizedStore, SynchronizerSink } from './sinks.js';
import type { AsOf } from './store.js';
import { topologyRefusal } from './refusals.js';
import { TopologyStore } from './store.js';
import { WorkQueue } from './work-queue.js';
import type { SignedTransaction } from './transaction.js';

/** Delays and limits of a node's topology managers. */
export interface TopologySettings {
  /** From a change of a local store to its dispatch, in milliseconds. */
  readonly outboxMs: number;
  /** How many unsent transactions a synchronizer manager holds before it refuses more. */
  readonly maxUnsent: number;
  readonly costs: TopologyCosts;
}

/** How long calls take besides, in microseconds. */
export interface TopologyCosts {
  readonly listMicrosPerParty: number;
  readonly signMicrosPerTransaction: number;
  readonly addMicrosPerTransaction: number;
  readonly authorizeMicrosPerTransaction: number;
  readonly orderMicrosPerTransaction: number;
}

/** A synchronizer as one node takes part in it. */
export interface Membership {
  readonly replica: Replica;
  readonly manager: TopologyManager;
  readonly outbox: Outbox;
  readonly sink: SynchronizerSink;
}

/** How a store is named on the wire. */
export type StoreId = Decoded<'com.digitalasset.canton.topology.admin.v30.StoreId'>;

/** A store that a read looks at. */
export interface ReadableStore {
  readonly store: TopologyStore;
  readonly head: AsOf;
  /** How answers name it: a `StoreId`. */
  readonly storeId: StoreId;
}

/** Everything a node knows of topology: its Authorized store and what it knows of each synchronizer. */
export class NodeTopology {
  readonly authorized: AuthorizedStore;
  readonly manager: TopologyManager;
  /** By logical id, in the order they were joined. */
  readonly memberships = new Map<string, Membership>();
  /** By name. They end with the process. */
  private readonly temporary = new Map<string, { manager: TopologyManager; store: TopologyStore }>();
  /** On the clock of `performance`. */
  private findsFrom = 0;
  private readonly authorizing = new WorkQueue();

  constructor(
    private readonly node: ManagerNode & { readonly ledger: () => LedgerPort },
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly settings: TopologySettings,
  ) {
    this.authorized = new AuthorizedStore(journal, clock, () => {
      for (const { outbox } of this.memberships.values()) outbox.wake();
    });
    const { store } = this.authorized;
    this.manager = new TopologyManager(
      node,
      { store, authority: new Authority(store) },
      this.authorized,
    );
  }

  /** How long calls take besides. */
  get costs(): TopologyCosts {
    return this.settings.costs;
  }

  /** Returns once the node has come to make one more transaction: it makes one after the other. */
  async turn(): Promise<void> {
    const micros = this.costs.authorizeMicrosPerTransaction;
    if (micros > 0) await setTimeout(this.authorizing.waitMs(micros));
  }

  /** Takes a synchronizer up, with what the journal says of it; the same again is a no-op. */
  join(synchronizer: Synchronizer, psid: string): Membership {
    const { logicalId } = synchronizer.info;
    const known = this.memberships.get(logicalId);
    if (known) return known;
    const replica = new Replica(synchronizer, psid, this.journal, this.node);
    const { maxUnsent, outboxMs, costs } = this.settings;
    const sink = new SynchronizerSink(replica, {
      ...{ limit: maxUnsent, delayMs: outboxMs },
      orderMicros: costs.orderMicrosPerTransaction,
    });
    const manager = new TopologyManager(
      this.node,
      {
        store: replica.store,
        authority: replica.authority,
        get psid() {
          return replica.psid;
        },
      },
      sink,
    );
    const outbox = new Outbox(this.authorized.store, replica, this.settings.outboxMs);
    const membership = { replica, manager, outbox, sink };
    this.memberships.set(logicalId, membership);
    return membership;
  }

  /** Answers as a node that is starting does: its Admin API is open, and it finds no synchronizer yet. Source: networks J, item 3. */
  findNothingFor(ms: number): void {
    this.findsFrom = performance.now() + ms;
  }

  /** Finds a membership by logical or physical id. */
  find(id: string): Membership | undefined {
    for (const [logicalId, membership] of this.memberships) {
      if (logicalId === id || membership.replica.psids.includes(id)) return membership;
    }
    return undefined;
  }

  /** Makes a store that only this node sees, until it is dropped. */
  createTemporary(name: string): void {
    if (this.temporary.has(name)) {
      const cause = `A temporary topology store with name '${name}' already exists.`;
      throw topologyRefusal({}, 'TEMPORARY_STORE_ALREADY_EXISTS', 10, cause, { storeId: name });
    }
    const store = new TopologyStore();
    const accept = (signed: SignedTransaction) => {
      const now = this.clock.nowMicros();
      store.add(signed, now, now);
    };
    const sink = { checkCapacity: () => undefined, accept, end: () => undefined };
    const manager = new TopologyManager(this.node, { store, authority: new Authority(store) }, sink);
    this.temporary.set(name, { manager, store });
  }

  dropTemporary(name: string): void {
    if (!this.temporary.delete(name)) throw unknownStore(name);
  }

  /** Resolves the `StoreId` of a read; absent: every store there is. Source: admin-api 1.5. */
  readable(storeId: StoreId | undefined): ReadableStore[] {
    if (storeId === undefined) return [this.readableAuthorized(), ...this.readableSynchronizers()];
    if (storeId.authorized) return [this.readableAuthorized()];
    const temporary = this.findTemporary(storeId);
    if (temporary) return [{ store: temporary.store, head: { kind: 'open' }, storeId }];
    const membership = this.membership(storeId);
    const psid = storeId.synchronizer?.physical_id ?? membership.replica.psid;
    return [readableMembership(membership, psid)];
  }

  /** Resolves the `StoreId` of a write: a synchronizer's store can be written only while connected. */
  writable(storeId: StoreId | undefined): {
    readonly manager: TopologyManager;
    readonly membership?: Membership;
  } {
    if (storeId?.authorized) return { manager: this.manager };
    const temporary = this.findTemporary(storeId);
    if (temporary) return { manager: temporary.manager };
    const membership = this.membership(storeId);
    if (!membership.replica.isConnected) throw unknownStore(membership.replica.psid);
    return { manager: membership.manager, membership };
  }

  /** Ends every timer; the journal is closed by its owner. */
  close(): void {
    for (const { replica, outbox, sink } of this.memberships.values()) {
      replica.close();
      outbox.stop();
      sink.close();
    }
  }

  private findTemporary(storeId: StoreId | undefined) {
    const named = storeId?.temporary;
    if (!named) return undefined;
    const found = this.temporary.get(named.name ?? '');
    if (!found) throw unknownStore(named.name ?? '');
    return found;
  }

  private readableAuthorized(): ReadableStore {
    return { store: this.authorized.store, head: { kind: 'open' }, storeId: { authorized: {} } };
  }

  private readableSynchronizers(): ReadableStore[] {
    return [...this.memberships.values()].flatMap((membership) =>
      membership.replica.psids.map((psid) => readableMembership(membership, psid)),
    );
  }

  private membership(storeId: StoreId | undefined): Membership {
    const synchronizer = storeId?.synchronizer;
    if (synchronizer?.physical_id !== undefined) {
      const found = this.find(synchronizer.physical_id);
      if (!found) throw unknownStore(synchronizer.physical_id);
      return found;
    }
    if (synchronizer?.id === undefined) throw fieldNotSet('store');
    const found = performance.now() < this.findsFrom ? undefined : this.find(synchronizer.id);
    if (found) return found;
    const shown = shortenIds(synchronizer.id);
    const cause = `No active synchronizer found for ${shown}.`;
    const metadata = { synchronizerId: shown };
    throw new CantonRefusal({ id: 'TOPOLOGY_STORE_NOT_FOUND', category: 11, cause, metadata });
  }
}

/** The store of a predecessor stays as it was at the upgrade. */
function readableMembership({ replica }: Membership, psid: string): ReadableStore {
  const storeId = { synchronizer: { physical_id: psid } };
  const end = isAfter(replica.psid, psid) ? replica.synchronizer.upgrades.endOf(psid) : undefined;
  const head: AsOf = end ? { kind: 'at', time: end.at } : replica.head();
  return { store: replica.store, head, storeId };
}

function unknownStore(name: string): CantonRefusal {
  const shown = shortenIds(name);
  const cause = `Topology store '${shown}' is not known.`;
  return new CantonRefusal({
    id: 'TOPOLOGY_STORE_NOT_FOUND',
    category: 11,
    cause,
    metadata: { storeId: shown },
  });
}
