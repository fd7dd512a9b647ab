import { mismatch } from '../model/failure.js';
import type { ResourceLimits } from '../model/participant.js';
import type { PlannedNode } from '../model/plan.js';
import type { EqualityProof } from '../model/report.js';
import { awaitEndOfRepair, ensureConnections, ensureIsolated, readIsolated } from './connections.js';
import { Custody } from './custody.js';
import { keepConnected } from './hosting.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { progress } from './progress.js';

export interface ProvenConnect {
  source: string;
  target: string;
  synchronizerId: string;
  /** Of the target synchronizer, on the target. */
  alias: string;
  connections: PlannedNode['connections'];
  proof: EqualityProof;
  /** Whether an earlier activity may have sent the connect. */
  isBegun: boolean;
}

/** What the question whether an import runs adds to the ledger end at most: one commit. Source: Canton facts 2.3. */
const COMMIT_OF_A_PROBE = 1n;

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
     * Connects the target if both nodes still are what `proof` compared, once no import runs inside it. Returns false,
     * and has connected nothing, if one of them is not: the point of no return is the connect.
     *
     * Safe to repeat: once a connect was sent, by an earlier attempt or, with `isBegun`, by an earlier activity, the
     * only way is forward. Fails with `NotConnected`.
     */
    async connectProvenTarget(input: ProvenConnect): Promise<{ isConnected: boolean }> {
      const target = participants(input.target);
      const custody = new Custody();
      await custody.prove();
      if (!input.isBegun && !custody.recorded.isConnecting) {
        progress({ connecting: input.target });
        if (!(await isAsCompared(participants, input))) return { isConnected: false };
        // A repeat has to know of the connect before the node does.
        progress({ connecting: input.target, isConnecting: true });
        custody.expire();
        await custody.prove();
        if (!(await isUnchanged(target, input.proof))) return { isConnected: false };
        await target.synchronizers.reconnect(input.alias);
      }
      await keepConnected(target, input.alias);
      await ensureConnections(target, input.connections);
      return { isConnected: true };
    },

    /**
     * Ensures that the target is connected as it was before the migration, once no import runs inside it: of an abort,
     * when it holds none of the contracts any more, and of a target that serves already.
     *
     * Safe to repeat. Fails with `NotConnected`.
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
    async pingSelf(input: {
      participant: string;
      uid: string;
      synchronizerId: string;
    }): Promise<{ pingTimeMs: number }> {
      progress({ pinging: input.participant });
      const { uid: participantUid, synchronizerId } = input;
      const ping = { participantUid, synchronizerId, timeoutMs: PING_TIMEOUT_MS };
      const answer = await participants(input.participant).health.ping(ping);
      if ('failure' in answer)
        throw mismatch('PingFailed', `${input.participant} cannot ping itself: ${answer.failure}`);
      return answer;
    },
  };
}

/** Whether neither node has changed since it was compared, and no import runs inside the target. */
async function isAsCompared(
  participants: Participants,
  { source, target: name, synchronizerId, proof }: ProvenConnect,
): Promise<boolean> {
  const target = participants(name);
  const { sourceOffset, targetLedgerEnd } = proof;
  if ((await participants(source).ledger.readLedgerEnd()) !== sourceOffset) return false;
  if ((await target.ledger.readLedgerEnd()) !== targetLedgerEnd) return false;
  await awaitEndOfRepair(target, synchronizerId);
  return isUnchanged(target, proof);
}

/** The last look before the connect, for whatever ran, and ended, while it was asked for. */
async function isUnchanged(
  { synchronizers, ledger }: Participant,
  { targetLedgerEnd }: EqualityProof,
): Promise<boolean> {
  if ((await synchronizers.listRegistered()).some(({ isConnected }) => isConnected)) return false;
  return BigInt(await ledger.readLedgerEnd()) - BigInt(targetLedgerEnd) <= COMMIT_OF_A_PROBE;
}
