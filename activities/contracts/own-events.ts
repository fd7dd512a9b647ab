import type { Participant } from '../../model/participant-access.js';

/** The usual reconciliation interval is a minute, and commitments are awaited for two hours. */
const OWN_EVENTS_LIMIT = 120;
const PING_TIMEOUT_MS = 30_000;

/** A node of ours, and its uid. */
interface OwnNode {
  node: Participant;
  uid: string;
}

/**
 * Makes the events that a quiet synchronizer lacks.
 *
 * A participant computes its commitments to a period only when it sees an event after the end of it. Each node pings itself,
 * once after each period, and not for ever. Nobody else sees the ping; but the commitments that the node sends because of it
 * are an event for each counter-participant, which answers with its own. Both nodes ping: one that lacks contracts sends
 * nothing to those it shares them with. A third participant that is not connected, or has much to catch up with, cannot be
 * made to send anything.
 *
 * Source: networks J, item 5.
 */
export class OwnEvents {
  /** Why a node could not ping itself the last time, by its name. */
  readonly failures = new Map<string, string>();
  private made = 0;
  private lastTick = 0;

  constructor(
    private readonly nodes: OwnNode[],
    private readonly place: { synchronizerId: string; since: string; intervalMs: number },
  ) {}

  /** Lets each node see an event, unless it did since the last period was over. */
  async make(): Promise<void> {
    const { synchronizerId, since, intervalMs } = this.place;
    const tick = Math.floor(Date.now() / intervalMs) * intervalMs;
    const isTooEarly = tick < Date.parse(since) || tick <= this.lastTick;
    if (isTooEarly || this.made === OWN_EVENTS_LIMIT) return;
    this.lastTick = tick;
    this.made += 1;
    for (const { node, uid: participantUid } of this.nodes) {
      const ping = { participantUid, synchronizerId, timeoutMs: PING_TIMEOUT_MS };
      const answer = await node.health.ping(ping);
      if ('failure' in answer) this.failures.set(node.name, answer.failure);
      else this.failures.delete(node.name);
    }
  }
}
