import { mismatch } from '../model/failure.js';
import type { ResourceLimits } from '../model/participant.js';
import type { PlannedNode } from '../model/plan.js';
import { awaitEndOfRepair, ensureConnections, ensureIsolated, readIsolated } from './connections.js';
import { Custody } from './custody.js';
import type { Participants } from './index.js';
import { progress } from './progress.js';

/** A self-ping takes 3 to 5 s after a reconnect. Source: Canton facts 1.14. */
const PING_TIMEOUT_MS = 30_000;

export function cutOverActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source is disconnected everywhere and stays so, and that nothing happened on it since the
     * offset that was exported.
     *
     * Fails with `SourceMoved` if its ledger end is another one: the target's copy is stale then.
     */
    async ensureSourceParked(input: { source: string; pinnedOffset: string }): Promise<void> {
      const source = participants(input.source);
      await ensureIsolated(source);
      const ledgerEnd = await source.ledger.readLedgerEnd();
      if (ledgerEnd !== input.pinnedOffset) {
        throw mismatch(
          'SourceMoved',
          `the ledger end of ${input.source} is ${ledgerEnd}, expected the exported offset ${input.pinnedOffset}`,
        );
      }
    },

    /** Returns the ledger end of the target. Fails with `StillConnected` unless it is disconnected for good. */
    async readFrozenTarget({ target }: { target: string }): Promise<{ ledgerEnd: string }> {
      await readIsolated(participants(target));
      return { ledgerEnd: await participants(target).ledger.readLedgerEnd() };
    },

    /**
     * Ensures that the target is connected as it was before the migration, once no import runs inside it.
     *
     * After the import, this is the point of no return. Safe to repeat. Fails with `NotConnected`.
     */
    async connectTarget(input: {
      target: string;
      synchronizerId: string;
      connections: PlannedNode['connections'];
    }): Promise<void> {
      const target = participants(input.target);
      progress({ connecting: input.target });
      // Asking whether an import runs is an import.
      await new Custody().prove();
      await awaitEndOfRepair(target, input.synchronizerId);
      await ensureConnections(target, input.connections);
    },

    /** Ensures that the source takes commands and is connected as before the migration. Part of the undo. */
    async returnSource(input: {
      source: string;
      resourceLimits: ResourceLimits;
      connections: PlannedNode['connections'];
    }): Promise<void> {
      const source = participants(input.source);
      progress({ connecting: input.source });
      await source.health.setResourceLimits(input.resourceLimits);
      await ensureConnections(source, input.connections);
    },

    /** Returns how long the participant took to answer itself over the synchronizer. Fails with `PingFailed`. */
    async pingSelf(input: { participant: string; uid: string }): Promise<{ pingTimeMs: number }> {
      progress({ pinging: input.participant });
      const answer = await participants(input.participant).health.ping(input.uid, PING_TIMEOUT_MS);
      if ('failure' in answer)
        throw mismatch('PingFailed', `${input.participant} cannot ping itself: ${answer.failure}`);
      return answer;
    },
  };
}
