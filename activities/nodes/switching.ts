import {
  isKnownToDisagree,
  type UnreliableCounterParticipant,
} from '../../model/counter-participants.js';
import { refused } from '../../model/failure.js';
import type { SwitchReading } from '../../model/live.js';
import type { NodeRef } from '../../model/participant.js';
import { currentFencing } from '../attempt/fencing.js';
import { keepConnected, notFullyHosted, type HostInput } from '../hosting/hosting.js';
import type { Participants } from './participants.js';
import { pingPaid } from './traffic.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { readCounterParticipants } from '../hosting/removal-checks.js';
import { callSwitchHook, type SwitchHook } from './switch-hook.js';
import { until } from '../attempt/waiting.js';
import { readProven } from '../hosting/window.js';

const QUIET_LIMIT_MS = 30 * 60_000;
const PING_TIMEOUT_MS = 30_000;

export interface SwitchInput extends HostInput {
  /** Of the source. Decimal int64. */
  sinceOffset: string;
  /** RFC 3339. */
  since: string;
  counterParticipants: string[];
  /** Whose mismatch was known before, or is excepted by name. */
  unreliable?: UnreliableCounterParticipant[];
}

export function switchingActivities(participants: Participants, hook: SwitchHook | undefined) {
  return {
    /**
     * Returns what an operator has to know before the clients move; the target is connected again if it was
     * restarted. Fails with `NotCaughtUp` and `TrafficExhausted`.
     */
    async readSwitching(input: SwitchInput): Promise<SwitchReading & { sourceOffset: string }> {
      const source = participants.read(input.source);
      const target = participants.change(input.target);
      if (input.proof) await readProven(target, { ...input, proof: input.proof });
      await keepConnected(participants, input);
      const { synchronizerId } = input;
      const ping = { participantUid: input.target.uid, synchronizerId, timeoutMs: PING_TIMEOUT_MS };
      const answer = await pingPaid(target, ping);
      if ('failure' in answer)
        throw refused('NotCaughtUp', `${input.target.name} cannot ping itself: ${answer.failure}`);
      return readTraffic({ source, target }, input, answer.pingTimeMs);
    },

    /**
     * Returns once clients have submitted nothing for the parties through the source for `quietSeconds`. What
     * the target submits goes on, and so do other parties of the source. Fails with `SourceNotQuiet`.
     */
    async awaitQuietSource(input: HostInput & { quietSeconds: number }): Promise<void> {
      const source = participants.read(input.source);
      let sinceOffset = await source.ledger.readLedgerEnd();
      let quietSince = Date.now();
      await until(
        async () => {
          await keepConnected(participants, input);
          const { ledgerEnd, count } = await submittedSince(source, input.parties, sinceOffset);
          sinceOffset = ledgerEnd;
          if (count > 0) quietSince = Date.now();
          return Date.now() - quietSince >= input.quietSeconds * 1000 ? true : undefined;
        },
        {
          what: `clients to submit nothing through ${input.source.name} for ${input.quietSeconds} s`,
          everyMs: 500,
          limitMs: QUIET_LIMIT_MS,
          type: 'SourceNotQuiet',
          stillMissing: () => `clients still submit through ${input.source.name}`,
        },
      );
    },

    /**
     * Tells the hook of the worker's configuration that clients are to move, if there is one. Fails with
     * `SwitchHookFailed`.
     */
    async switchClients(input: {
      migration: string;
      source: NodeRef;
      target: NodeRef;
      parties: string[];
    }): Promise<{ isCalled: boolean }> {
      if (!hook) return { isCalled: false };
      await participants.assertMigration();
      progress({ waitingFor: 'the hook that moves the clients' });
      // The hook moves clients of nodes that it knows by name.
      await currentFencing().prove();
      await callSwitchHook(hook, {
        ...input,
        source: input.source.name,
        target: input.target.name,
      });
      return { isCalled: true };
    },
  };
}

/**
 * What goes through the two nodes now, and whose commitments disagree, or are not in the plan and match with
 * nobody's.
 */
async function readTraffic(
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  input: SwitchInput,
  targetLagMs: number,
): Promise<SwitchReading & { sourceOffset: string }> {
  const { pendingSubmissions: submissions, pendingTransactions: transactions } =
    await source.health.countInFlight(input.synchronizerId);
  const { ledgerEnd, count } = await submittedSince(source, input.parties, input.sinceOffset);
  const { known, matched, mismatched } = await readCounterParticipants(target, input);
  const planned = new Set([...input.counterParticipants, ...matched, ...mismatched]);
  return {
    readAt: new Date().toISOString(),
    targetLagMs,
    flagsSet: (await notFullyHosted(target, input)).length,
    inFlight: { submissions, transactions },
    submittedOnSource: count,
    disagreeing: mismatched.filter((uid) => !isKnownToDisagree(uid, input.unreliable ?? [])),
    unmatched: known.filter((uid) => !planned.has(uid)),
    sourceOffset: ledgerEnd,
  };
}

async function submittedSince(
  { ledger }: ParticipantReads,
  parties: string[],
  beginExclusive: string,
): Promise<{ ledgerEnd: string; count: number }> {
  const ledgerEnd = await ledger.readLedgerEnd();
  if (ledgerEnd === beginExclusive) return { ledgerEnd, count: 0 };
  const count = await ledger.countSubmissions({ parties, beginExclusive, endInclusive: ledgerEnd });
  return { ledgerEnd, count };
}
