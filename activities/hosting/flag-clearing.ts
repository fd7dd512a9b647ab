import { isRefusal, isTimeout } from '../../canton/refusals.js';
import type { HostInput } from './hosting.js';
import type { Participant } from '../../model/participant-access.js';
import { forEachOf } from '../attempt/waiting.js';

/** How long one request to clear a flag waits for the activation to be seen. */
const SEEN_WAIT_MS = 5_000;
/** Each request is a topology transaction that the participant makes one after the other. */
const ASKED_AT_ONCE = 10;
/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
const CLEARING_AT_ONCE = 50;
/** A node that catches up takes half a minute to clear a flag. Source: live-route 5. */
const ASK_AGAIN_MS = 3 * 60_000;
const FULL_QUEUE_MS = 2_000;

/**
 * Asks the target to clear onboarding flags: for each party once, and for a bounded number of parties at a time.
 *
 * Past the waiting time every request proposes the clearance once more, until the node has seen its own proposal: who
 * polls with it fills the queue of the node. The topology shows the effect. A request that had none, because the
 * node gave up on it, is repeated after minutes. Source: networks J, items 1 and 2.
 */
export class FlagClearing {
  /** By party; UTC, milliseconds since 1970. */
  private readonly askAgainAt = new Map<string, number>();
  /** No flag is cleared before this; RFC 3339, absent until a party was asked for. */
  notBefore: string | undefined;

  constructor(
    private readonly target: Participant,
    private readonly input: HostInput & { beginExclusive: string },
  ) {}

  /** Forgets whom it asked for: the participant was disconnected, and has forgotten it too. */
  restart(): void {
    this.askAgainAt.clear();
  }

  /** Asks for those of the parties, which are all still flagged, whose turn it is. */
  async ask(flagged: readonly string[]): Promise<void> {
    const now = Date.now();
    const due = flagged.filter((party) => (this.askAgainAt.get(party) ?? 0) <= now);
    const room = CLEARING_AT_ONCE - (flagged.length - due.length);
    await forEachOf(due.slice(0, Math.max(room, 0)), ASKED_AT_ONCE, (party) => this.askFor(party));
  }

  private async askFor(party: string): Promise<void> {
    const { synchronizerId, beginExclusive } = this.input;
    const request = { party, synchronizerId, beginExclusive, timeoutMs: SEEN_WAIT_MS };
    try {
      const { earliestRetry } = await this.target.onboarding.clearFlag(request);
      this.notBefore = earliestRetry ?? this.notBefore;
      const safeAt = earliestRetry === undefined ? 0 : Date.parse(earliestRetry);
      this.askAgainAt.set(party, Math.max(Date.now(), safeAt) + ASK_AGAIN_MS);
    } catch (error) {
      this.askAgainAt.set(party, Date.now() + patienceAfter(error));
    }
  }
}

/** How long to watch the topology before the next request, after an answer that is no reason to stop. */
function patienceAfter(error: unknown): number {
  // The clearance is on its way, or may be.
  if (isRefusal(error, 'exists already') || isTimeout(error)) return ASK_AGAIN_MS;
  if (isRefusal(error, 'too many topology transactions are pending')) return FULL_QUEUE_MS;
  throw error;
}
