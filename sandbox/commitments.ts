import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Exchange, Peer } from './exchange.js';
import type { Stakeholders } from './ledger/contract-index.js';
import type { Synchronizer } from './synchronizer.js';
import { hostsAt } from './topology/hosting.js';

/** What a node says of the contracts it shares with each other one, by uid: a digest over their ids. */
export type Sent = ReadonlyMap<string, Buffer>;

/** A commitment to the time since another tick, usually the one before. */
interface Kept {
  /** UTC, microseconds. */
  readonly from: number;
  readonly to: number;
  readonly sent: Sent;
}

/** How the commitments of a node and another one to a period compare, on either side. */
export interface Compared {
  readonly uid: string;
  readonly own: Buffer | undefined;
  readonly other: Buffer | undefined;
  readonly state: 'match' | 'mismatch' | 'outstanding';
}

/** A commitment that a node got, or waits for, with the time it is for. */
export interface Received extends Compared {
  readonly from: number;
  readonly to: number;
}

/** Answers go back at most this many periods. */
export const MAX_PERIODS = 100;
const SLOTS_PER_TURN = 2000;
/** To one other participant. */
const COMMITMENT_BYTES = 240;

/** What was sent stays sent, whoever goes down. By synchronizer, tick and sender. */
const KEPT = new WeakMap<Exchange, Map<string, Kept>>();

/**
 * The ACS commitments of one synchronizer, one period after the other, each at its end.
 *
 * A node commits to the contracts of which it hosts a stakeholder and so does the other, if it is connected at the end of
 * the period and sees an event of the synchronizer before the next one ends. The commitment of another node is such an
 * event too. Where nothing happened for periods on end, one commitment stands for all of them. One that was away commits to
 * the periods it missed, too, as soon as it has caught up: without what it was given by imports meanwhile, and without what was
 * purged. Commitments are made when somebody asks. Source: live-route 7; networks G; networks J, item 5;
 * golden35/commitments.jsonl.
 */
export class Commitments {
  private readonly kept: Map<string, Kept>;

  /** Length of a period, microseconds; periods end at multiples of it. */
  readonly interval: number;

  constructor(private readonly synchronizer: Synchronizer) {
    const { exchange } = synchronizer;
    this.interval = exchange.interval;
    this.kept = KEPT.get(exchange) ?? new Map<string, Kept>();
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

  /** Compares what a node has sent for the period that ends at a tick, UTC, microseconds, with what covers it. */
  async compare(uid: string, tick: number): Promise<Compared[]> {
    await this.exchangeAt(tick);
    const mine = this.kept.get(keyOf(uid, tick));
    // What others sent to a node that was away never gets compared there.
    if (!mine) return [];
    const compared: Compared[] = [];
    for (const partner of this.partnersOf(uid, mine)) {
      const own = mine.sent.get(partner);
      // A participant that is only there in topology agrees with everybody.
      const isMember = this.synchronizer.exchange.isMember(partner);
      const theirs = isMember ? await this.covering(partner, tick) : mine;
      const other = isMember ? theirs?.sent.get(uid) : own;
      const isLater = theirs !== undefined && theirs.to > tick;
      if (own === undefined ? other === undefined || isLater : isLater && !other) {
        if (own) compared.push({ uid: partner, own, other, state: 'outstanding' });
        continue;
      }
      // One that stands for several periods says what the other had at the end of them.
      const then = isLater ? (this.kept.get(keyOf(uid, theirs.to))?.sent.get(partner) ?? own) : own;
      compared.push({ uid: partner, own, other, state: stateOf(then, other, theirs !== undefined) });
    }
    return compared;
  }

  /** What a node got that is for the time up to a tick, and what it waits for. */
  async received(uid: string, tick: number): Promise<Received[]> {
    const mine = await this.covering(uid, tick);
    if (!mine) return [];
    const { exchange } = this.synchronizer;
    const found: Received[] = [];
    for (const partner of this.partnersOf(uid, mine)) {
      const isMember = exchange.isMember(partner);
      const theirs = isMember
        ? this.kept.get(keyOf(partner, tick))
        : mine.to === tick
          ? mine
          : undefined;
      const own = mine.sent.get(partner);
      const other = isMember ? theirs?.sent.get(uid) : own;
      if (theirs && (own ?? other)) {
        const state = await this.stateAt({ uid, partner, mine, own, other });
        found.push({ uid: partner, own, other, state, from: theirs.from, to: tick });
      } else if (own && isMember && !(await this.covering(partner, tick))) {
        const from = tick - this.interval;
        found.push({ uid: partner, own, other: undefined, state: 'outstanding', from, to: tick });
      }
    }
    return found;
  }

  /** What came for a time within a longer one of ours says the same, or is told by what came for the end of ours. */
  private async stateAt(received: {
    uid: string;
    partner: string;
    mine: Kept;
    own: Buffer | undefined;
    other: Buffer | undefined;
  }): Promise<Compared['state']> {
    const { uid, partner, mine, own, other } = received;
    const state = stateOf(own, other, true);
    if (state === 'match') return state;
    const compared = await this.compare(uid, mine.to);
    return compared.find((its) => its.uid === partner)?.state ?? state;
  }

  /** The other participants that a commitment of a node may be compared with. */
  private partnersOf(uid: string, { sent }: Kept): Set<string> {
    const others = new Set([...this.synchronizer.exchange.peers.keys(), ...sent.keys()]);
    others.delete(uid);
    return others;
  }

  /** The commitment of a node that is for the time before a tick: the one to that tick, or a later one. */
  private async covering(uid: string, tick: number): Promise<Kept | undefined> {
    const now = Date.now() * 1000;
    const limit = Math.min(now, tick + MAX_PERIODS * this.interval);
    for (let to = tick; to <= limit; to += this.interval) {
      await this.exchangeAt(to);
      const found = this.kept.get(keyOf(uid, to));
      if (found) return found.from < tick ? found : undefined;
    }
    return undefined;
  }

  /** Lets the nodes commit that saw an event after a tick, and those that get a commitment by that. */
  private async exchangeAt(tick: number): Promise<void> {
    const { peers } = this.synchronizer.exchange;
    const due = [...peers.keys()].filter((uid) => this.synchronizer.exchange.hasSeenAfter(uid, tick));
    for (const uid of due) {
      const sent = await this.sentBy(uid, tick);
      const told = [...(sent?.sent.keys() ?? [])].filter((its) => peers.has(its) && !due.includes(its));
      due.push(...told);
    }
  }

  /** Returns what a node sends for a period, undefined if nothing. */
  private async sentBy(uid: string, tick: number): Promise<Kept | undefined> {
    const key = keyOf(uid, tick);
    const known = this.kept.get(key);
    if (known) return known;
    const peer = this.synchronizer.exchange.peers.get(uid);
    if (!peer || !this.isSending(peer, tick)) return undefined;
    try {
      const sent = await this.commit(peer, tick);
      if (isMissed(peer, tick) && sent.size === 0) return undefined;
      const bytes = sent.size * COMMITMENT_BYTES;
      const isFree = sent.size === 0;
      if (!isFree && this.synchronizer.traffic.pay(uid, { bytes, recipients: 1 })) return undefined;
      const kept = { from: this.beginning(peer, tick), to: tick, sent };
      this.kept.set(key, kept);
      return kept;
    } catch (error) {
      // The node went down meanwhile, and its ledger with it.
      if (this.synchronizer.exchange.peers.get(uid) !== peer) return undefined;
      throw error;
    }
  }

  /** Since when a commitment is: the one before, or the connect; for what was missed, the disconnect. */
  private beginning(peer: Peer, tick: number): number {
    const { connectedSince = tick, absence } = peer;
    const begin = isMissed(peer, tick) ? (absence?.since ?? tick) : connectedSince;
    const earliest = Math.floor(Math.min(begin, tick - 1) / this.interval) * this.interval;
    for (let before = tick - this.interval; before > earliest; before -= this.interval)
      if (this.kept.has(keyOf(peer.uid, before))) return before;
    return earliest;
  }

  /** A node whose history has a hole stops after the period in which it met it. */
  private isSending(peer: Peer, tick: number): boolean {
    const { connectedSince, cleanTime, absence, damage } = peer;
    if (cleanTime < tick) return false;
    // One that is away has sent what it saw an event for while it was there.
    if (connectedSince === undefined) return cleanTime >= tick + this.interval;
    if (connectedSince > tick && !absence) return false;
    const hole = damage.first(this.synchronizer.info.logicalId);
    if (!hole) return true;
    const metAt = Math.max(hole.recordTimeMicros, connectedSince);
    return tick <= Math.ceil(metAt / this.interval) * this.interval;
  }

  private async commit(peer: Peer, tick: number): Promise<Sent> {
    const { uid, ledger, absence } = peer;
    const { logicalId } = this.synchronizer.info;
    const given = isMissed(peer, tick) ? absence : undefined;
    const partners = this.partnersAt(uid, tick);
    const digests = new Map<string, Buffer>();
    let count = 0;
    for (const slot of ledger.active(ledger.offsetAt(tick))) {
      if (++count % SLOTS_PER_TURN === 0) await turn();
      if (ledger.index.row(slot).synchronizerId !== logicalId) continue;
      const created = ledger.index.createOffset(slot);
      if (given && created > given.begin && created <= given.end) continue;
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

/** Whether a node was away at a tick, and is back. */
function isMissed({ connectedSince = 0, absence }: Peer, tick: number): boolean {
  return absence !== undefined && tick > absence.since && tick < connectedSince;
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
