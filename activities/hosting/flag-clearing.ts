import { isRefusal, isTimeout } from '../../canton/refusals.js';
import type { HostInput } from './hosting.js';
import type { PartyMapping } from '../../model/participant.js';
import type { Participant } from '../../model/participant-access.js';
import { batchesOf, forEachOf } from '../attempt/waiting.js';

/** How long one request to clear a flag waits for the activation to be seen. */
const SEEN_WAIT_MS = 5_000;
/** Each request is a topology transaction that the participant makes one after the other. */
const ASKED_AT_ONCE = 10;
/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
const UNSENT_AT_MOST = 50;
/**
 * Those that are sent take a second or two to clear: as many as a node makes in that time. Source: networks
 * H.
 */
const CLEARING_AT_ONCE = 200;
/** Reads of single parties: what the next round reads if none of these is clear. */
const LOOKED_AT_ONCE = 10;
/** A node that catches up takes half a minute to clear a flag. Source: live-route 5. */
const ASK_AGAIN_MS = 3 * 60_000;
const FULL_QUEUE_MS = 2_000;
/** Between two rounds: while flags clear, and while none does. */
const CLEARING_MS = 100;
const WAITING_MS = 1_000;

/**
 * Asks the target to clear onboarding flags: for each party once, and for a bounded number of parties at a
 * time.
 *
 * Past the waiting time every request proposes the clearance once more, until the node has seen its own
 * proposal: who polls with it fills the queue of the node. The topology shows the effect; only parties that
 * were asked for are read, since the list of all takes seconds with thousands of them. A request that had no
 * effect, because the node gave up on it, is repeated after minutes. Source: networks H; networks J, items 1
 * and 2.
 */
export class FlagClearing {
  /** Not asked for yet; the next one is last. */
  private waiting: string[];
  /**
   * When to ask again, by party; UTC, milliseconds since 1970. Those that were looked at longest ago come
   * first.
   */
  private readonly asked = new Map<string, number>();
  private wasCleared = false;
  /** No flag is cleared before this; RFC 3339, absent until a party was asked for. */
  notBefore: string | undefined;

  constructor(
    private readonly target: Participant,
    private readonly input: HostInput & { beginExclusive: string },
    flagged: readonly string[],
  ) {
    this.waiting = [...flagged].reverse();
  }

  /** Those that are still flagged, as far as is known. */
  get left(): string[] {
    return [...this.asked.keys(), ...this.waiting];
  }

  get leftCount(): number {
    return this.asked.size + this.waiting.length;
  }

  /** How long to wait before the next round. */
  get pauseMs(): number {
    return this.wasCleared ? CLEARING_MS : WAITING_MS;
  }

  /** Forgets whom it asked for: the participant was disconnected, and has forgotten it too. */
  restart(): void {
    this.waiting = this.left;
    this.asked.clear();
  }

  /** Asks for those whose turn it is, and looks which of those asked for are clear. */
  async advance(): Promise<void> {
    const now = Date.now();
    const again = [...this.asked].filter(([, askAgainAt]) => askAgainAt <= now).map(([party]) => party);
    const due = [...again, ...(await this.next())];
    await forEachOf(due, ASKED_AT_ONCE, (party) => this.askFor(party));
    await this.look();
  }

  /** As many as the queue of the participant has room for. */
  private async next(): Promise<string[]> {
    if (this.waiting.length === 0 || this.asked.size >= CLEARING_AT_ONCE) return [];
    const { pendingTopologyTransactions: unsent } = await this.target.health.readStatus();
    const room = Math.min(CLEARING_AT_ONCE - this.asked.size, UNSENT_AT_MOST - unsent);
    if (room <= 0) return [];
    const next = this.waiting.splice(-room).reverse();
    // Whatever their requests come to, they are looked at.
    for (const party of next) this.asked.set(party, 0);
    return next;
  }

  private async askFor(party: string): Promise<void> {
    const { synchronizerId, beginExclusive } = this.input;
    const request = { party, synchronizerId, beginExclusive, timeoutMs: SEEN_WAIT_MS };
    try {
      const { earliestRetry } = await this.target.onboarding.clearFlag(request);
      this.notBefore = earliestRetry ?? this.notBefore;
      const safeAt = earliestRetry === undefined ? 0 : Date.parse(earliestRetry);
      this.asked.set(party, Math.max(Date.now(), safeAt) + ASK_AGAIN_MS);
    } catch (error) {
      this.asked.set(party, Date.now() + patienceAfter(error));
    }
  }

  /**
   * Flags clear in the order they were asked for, more or less: where some are not clear, those behind are
   * not read.
   */
  private async look(): Promise<void> {
    this.wasCleared = false;
    for (const some of batchesOf([...this.asked.keys()], LOOKED_AT_ONCE)) {
      let isOneLeft = false;
      await forEachOf(some, LOOKED_AT_ONCE, async (party) => {
        const askAgainAt = this.asked.get(party)!;
        const isClear = await this.isClear(party);
        // One that stays flagged does not keep those behind it from being read.
        this.asked.delete(party);
        if (!isClear) this.asked.set(party, askAgainAt);
        this.wasCleared ||= isClear;
        isOneLeft ||= !isClear;
      });
      if (isOneLeft) return;
    }
  }

  private async isClear(party: string): Promise<boolean> {
    const { synchronizerId, target } = this.input;
    const mappings = await this.target.topology.listPartyMappings({ synchronizerId }, { party });
    return mappings.some((its) => its.party === party && isFullHost(its, target.uid));
  }
}

/** Whether a participant is a host without the onboarding flag. */
export function isFullHost({ hosts }: PartyMapping, uid: string): boolean {
  return hosts.some(({ participantUid, isOnboarding }) => participantUid === uid && !isOnboarding);
}

/** How long to watch the topology before the next request, after an answer that is no reason to stop. */
function patienceAfter(error: unknown): number {
  // The clearance is on its way, or may be.
  if (isRefusal(error, 'exists already') || isTimeout(error)) return ASK_AGAIN_MS;
  if (isRefusal(error, 'too many topology transactions are pending')) return FULL_QUEUE_MS;
  throw error;
}
