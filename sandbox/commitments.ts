import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Exchange, Peer } from './exchange.js';
import type { Stakeholders } from './ledger/contract-index.js';
import type { Synchronizer } from './synchronizer.js';
import { hostsAt } from './topology/hosting.js';

/** What a node says of the contracts it shares with each other one, by uid: a digest over their ids. */
export type Sent = ReadonlyMap<string, Buffer>;

/** How the commitments of a node and another one to a period compare, on either side. */
export interface Compared {
  readonly uid: string;
  readonly own: Buffer | undefined;
  readonly other: Buffer | undefined;
  readonly state: 'match' | 'mismatch' | 'outstanding';
}

/** Answers go back at most this many periods. */
export const MAX_PERIODS = 100;
const SLOTS_PER_TURN = 2000;
/** To one other participant. */
const COMMITMENT_BYTES = 240;

/** What was sent stays sent, whoever goes down. By synchronizer, tick and sender. */
const KEPT = new WeakMap<Exchange, Map<string, Sent>>();

/**
 * The ACS commitments of one synchronizer, one period after the other, each at its end.
 *
 * A node commits to the contracts of which it hosts a stakeholder and so does the other, if it is connected at the end of
 * the period and sees an event of the synchronizer before the next one ends. The commitment of another node is such an
 * event too. Where nothing happened for periods on end, one commitment stands for all of them. Commitments are made when
 * somebody asks. Source: live-route 7; networks G; networks J, item 5.
 */
export class Commitments {
  private readonly kept: Map<string, Sent>;

  /** Length of a period, microseconds; periods end at multiples of it. */
  readonly interval: number;

  constructor(private readonly synchronizer: Synchronizer) {
    const { exchange } = synchronizer;
    this.interval = exchange.interval;
    this.kept = KEPT.get(exchange) ?? new Map<string, Sent>();
    KEPT.set(exchange, this.kept);
  }

  /** Returns the newest tick, of `limit` from this one backwards, for which a node has sent its commitments. */
  async newest(uid: string, from: number, limit: number): Promise<number | undefined> {
    for (let tick = from; tick > from - limit * this.interval; tick -= this.interval) {
      await this.exchangeAt(tick);
      if (this.kept.has(keyOf(uid, tick))) return tick;
    }
    return undefined;
  }

  /** Returns the newest tick for which a node has sent its commitments, however long ago. */
  async last(uid: string): Promise<number | undefined> {
    const now = Math.floor((Date.now() * 1000) / this.interval) * this.interval;
    const recent = await this.newest(uid, now, MAX_PERIODS);
    if (recent !== undefined) return recent;
    const ticks = [...this.kept.keys()].filter((key) => key.endsWith(`/${uid}`)).map(parseFloat);
    return ticks.length === 0 ? undefined : Math.max(...ticks);
  }

  /** Compares what a node and each other one say of the period that ends at a tick, UTC, microseconds. */
  async compare(uid: string, tick: number): Promise<Compared[]> {
    const { exchange } = this.synchronizer;
    await this.exchangeAt(tick);
    const sent = this.kept.get(keyOf(uid, tick));
    // What others sent to a node that was away never gets compared there.
    if (!sent) return [];
    const others = new Set([...exchange.peers.keys(), ...sent.keys()]);
    others.delete(uid);
    const compared: Compared[] = [];
    for (const partner of others) {
      const own = sent.get(partner);
      // A participant that is only there in topology agrees with everybody.
      const theirs = this.kept.get(keyOf(partner, tick));
      const other = exchange.isMember(partner) ? theirs?.get(uid) : own;
      if (own ?? other)
        compared.push({ uid: partner, own, other, state: stateOf(own, other, theirs !== undefined) });
    }
    return compared;
  }

  /** Lets the nodes commit that saw an event after a tick, and those that get a commitment by that. */
  private async exchangeAt(tick: number): Promise<void> {
    const { peers } = this.synchronizer.exchange;
    const due = [...peers.keys()].filter((uid) => this.synchronizer.exchange.hasSeenAfter(uid, tick));
    for (const uid of due) {
      const sent = await this.sentBy(uid, tick);
      const told = [...(sent?.keys() ?? [])].filter((its) => peers.has(its) && !due.includes(its));
      due.push(...told);
    }
  }

  /** Returns what a node sends for a period, undefined if nothing. */
  private async sentBy(uid: string, tick: number): Promise<Sent | undefined> {
    const key = keyOf(uid, tick);
    const known = this.kept.get(key);
    if (known) return known;
    const peer = this.synchronizer.exchange.peers.get(uid);
    if (!peer || !this.isSending(peer, tick)) return undefined;
    try {
      const sent = await this.commit(peer, tick);
      const bytes = sent.size * COMMITMENT_BYTES;
      const isFree = sent.size === 0;
      if (!isFree && this.synchronizer.traffic.pay(uid, { bytes, recipients: 1 })) return undefined;
      this.kept.set(key, sent);
      return sent;
    } catch (error) {
      // The node went down meanwhile, and its ledger with it.
      if (this.synchronizer.exchange.peers.get(uid) !== peer) return undefined;
      throw error;
    }
  }

  /** A node whose history has a hole stops after the period in which it met it. */
  private isSending({ connectedSince, cleanTime, damage }: Peer, tick: number): boolean {
    if (connectedSince === undefined || connectedSince > tick || cleanTime < tick) return false;
    const hole = damage.first(this.synchronizer.info.logicalId);
    if (!hole) return true;
    const metAt = Math.max(hole.recordTimeMicros, connectedSince);
    return tick <= Math.ceil(metAt / this.interval) * this.interval;
  }

  private async commit({ uid, ledger }: Peer, tick: number): Promise<Sent> {
    const { logicalId } = this.synchronizer.info;
    const partners = this.partnersAt(uid, tick);
    const digests = new Map<string, Buffer>();
    let count = 0;
    for (const slot of ledger.active(ledger.offsetAt(tick))) {
      if (++count % SLOTS_PER_TURN === 0) await turn();
      if (ledger.index.row(slot).synchronizerId !== logicalId) continue;
      const shared = partners(ledger.index.stakeholders(slot));
      if (shared.length === 0) continue;
      const hash = createHash('sha256').update(ledger.contractId(slot)).digest();
      for (const other of shared) digests.set(other, combined(digests.get(other), hash));
    }
    return digests;
  }

  /** Tells with whom a node shares a contract: the hosts of its stakeholders at a time, if it is one of them. */
  private partnersAt(uid: string, tick: number): (stakeholders: Stakeholders) => readonly string[] {
    const { store, info } = this.synchronizer;
    const known = new Map<Stakeholders, readonly string[]>();
    return (stakeholders) => {
      const found = known.get(stakeholders);
      if (found) return found;
      const hosts = stakeholders.all.flatMap((party) =>
        hostsAt(store, { party, logicalId: info.logicalId }, BigInt(tick)),
      );
      const uids = new Set(hosts.map((host) => host.participant_uid));
      const partners = uids.delete(uid) ? [...uids] : [];
      known.set(stakeholders, partners);
      return partners;
    };
  }
}

function keyOf(uid: string, tick: number): string {
  return `${tick}/${uid}`;
}

function stateOf(
  own: Buffer | undefined,
  other: Buffer | undefined,
  isReceived: boolean,
): Compared['state'] {
  if (own && other) return own.equals(other) ? 'match' : 'mismatch';
  return own && !isReceived ? 'outstanding' : 'mismatch';
}

/** Order does not matter. */
function combined(one: Buffer | undefined, other: Buffer): Buffer {
  if (!one) return Buffer.from(other);
  for (let i = 0; i < one.length; i++) one[i] = (one[i] ?? 0) ^ (other[i] ?? 0);
  return one;
}
