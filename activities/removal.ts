import { listed, mismatch, refused } from '../model/failure.js';
import type { SwitchReading } from '../model/live.js';
import { isCantonRefusal } from './canton-refusal.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { callSwitchHook, type SwitchHook } from './switch-hook.js';
import { keepConnected, notFullyHosted, type HostInput } from './switching.js';
import { progress } from './progress.js';
import { forEachOf, until } from './waiting.js';

const PING_TIMEOUT_MS = 30_000;
const QUIET_LIMIT_MS = 30 * 60_000;
/** Half of the 100 unsent transactions at which a participant pushes back. Source: Canton facts 1.6. */
const PROPOSALS_AT_ONCE = 50;
const EFFECTIVE_LIMIT_MS = 120_000;

export function removalActivities(participants: Participants, hook: SwitchHook | undefined) {
  return {
    /** Returns what an operator has to know before the clients move; the target is connected again if it was restarted. */
    async readSwitching(
      input: HostInput & { sinceOffset: string },
    ): Promise<SwitchReading & { sourceOffset: string }> {
      const [source, target] = [participants(input.source), participants(input.target)];
      await keepConnected(target, input.alias);
      const answer = await target.health.ping(input.targetUid, PING_TIMEOUT_MS);
      if ('failure' in answer)
        throw refused('NotCaughtUp', `${input.target} does not answer itself: ${answer.failure}`);
      const { pendingSubmissions: submissions, pendingTransactions: transactions } =
        await source.health.countInFlight(input.synchronizerId);
      const { ledgerEnd, count } = await submittedSince(source, input.parties, input.sinceOffset);
      return {
        readAt: new Date().toISOString(),
        targetLagMs: answer.pingTimeMs,
        flagsSet: (await notFullyHosted(target, input)).length,
        inFlight: { submissions, transactions },
        submittedOnSource: count,
        sourceOffset: ledgerEnd,
      };
    },

    /**
     * Returns once clients have submitted nothing through the source for `quietSeconds`. What the target submits goes on.
     * Fails with `SourceNotQuiet`.
     */
    async awaitQuietSource(input: HostInput & { quietSeconds: number }): Promise<void> {
      const [source, target] = [participants(input.source), participants(input.target)];
      let sinceOffset = await source.ledger.readLedgerEnd();
      let quietSince = Date.now();
      await until(
        async () => {
          await keepConnected(target, input.alias);
          const { pendingSubmissions } = await source.health.countInFlight(input.synchronizerId);
          const { ledgerEnd, count } = await submittedSince(source, input.parties, sinceOffset);
          sinceOffset = ledgerEnd;
          if (pendingSubmissions + count > 0) quietSince = Date.now();
          return Date.now() - quietSince >= input.quietSeconds * 1000 ? true : undefined;
        },
        {
          what: `clients to submit nothing through ${input.source} for ${input.quietSeconds} s`,
          everyMs: 500,
          limitMs: QUIET_LIMIT_MS,
          type: 'SourceNotQuiet',
          stillMissing: () => `clients still submit through ${input.source}`,
        },
      );
    },

    /**
     * Ensures that the source hosts none of the parties: the point of no return. Signed by the target if it may sign for
     * the namespaces, else by the source, which has to be forced.
     *
     * Safe to repeat. Fails with `TargetNotOnboarded` before a party would be left without a full host, and with
     * `SourceNotRemoved`. Source: live route 2, step 13.
     */
    async removeSourceHosting(
      input: HostInput & { signer: 'source' | 'target' },
    ): Promise<{ removed: number }> {
      const target = participants(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const hosted = async () => {
        const mappings = await target.topology.listPartyMappings(store, {
          participantUid: input.sourceUid,
        });
        return mappings.filter(({ party }) => input.parties.includes(party));
      };
      await keepConnected(target, input.alias);
      const waiting = await hosted();
      const left = await notFullyHosted(target, input);
      if (left.length > 0)
        throw mismatch('TargetNotOnboarded', `${input.target} is no full host of ${listed(left)}`);
      const { topology } = participants(input[input.signer]);
      await forEachOf(waiting, PROPOSALS_AT_ONCE, async ({ hosts, ...mapping }) => {
        const others = hosts.filter(({ participantUid }) => participantUid !== input.sourceUid);
        const next = { ...mapping, hosts: others, serial: mapping.serial + 1 };
        await topology
          .proposePartyMapping(store, next, { isForced: input.signer === 'source' })
          .catch(ignoreWhatIsThere);
      });
      await until(async () => ((await hosted()).length === 0 ? true : undefined), {
        what: `${input.source} to be removed as host of ${waiting.length} parties`,
        limitMs: EFFECTIVE_LIMIT_MS,
        type: 'SourceNotRemoved',
        stillMissing: () =>
          `${input.source} still hosts some of ${listed(waiting.map((its) => its.party))}`,
      });
      return { removed: waiting.length };
    },

    /**
     * Returns the offsets of both nodes at the time of the last event of the parties on the source: what they hold there
     * has to be equal, while both serve. Waits until the target has got that far. Fails with `NotCaughtUp`.
     */
    async readCommonOffsets(input: HostInput & { sinceOffset: string }): Promise<CommonOffsets> {
      const { ledger } = participants(input.source);
      const { parties } = input;
      const endInclusive = await ledger.readLedgerEnd();
      const recordTime = await ledger.findLastRecordTime({
        parties,
        beginExclusive: input.sinceOffset,
        endInclusive,
      });
      if (recordTime === undefined)
        throw refused('NotCaughtUp', `${input.source} shows no event since offset ${input.sinceOffset}`);
      return commonOffsets(participants, input, recordTime);
    },

    /** The same at the time of the first removal: until then both nodes were hosts. Fails with `RemovalNotSeen`. */
    async readRemoval(input: HostInput & { sinceOffset: string }): Promise<CommonOffsets> {
      const { ledger } = participants(input.source);
      const { parties, sinceOffset: beginExclusive } = input;
      const recordTime = await until(
        async () => {
          const endInclusive = await ledger.readLedgerEnd();
          if (endInclusive === beginExclusive) return undefined;
          const range = { parties, beginExclusive, endInclusive };
          for await (const event of ledger.scanPartyAuthorizations(range)) {
            if (event.kind === 'revoked' && event.participantUid === input.sourceUid)
              return event.recordTime;
          }
          return undefined;
        },
        {
          what: 'the event of the removal',
          limitMs: EFFECTIVE_LIMIT_MS,
          type: 'RemovalNotSeen',
          stillMissing: () => `${input.source} shows no event of its removal`,
        },
      );
      return commonOffsets(participants, input, recordTime);
    },

    /** Tells the hook of the worker's configuration that clients shall move, if there is one. Fails with `SwitchHookFailed`. */
    async switchClients(input: {
      migration: string;
      source: string;
      target: string;
      parties: string[];
    }): Promise<{ isCalled: boolean }> {
      if (!hook) return { isCalled: false };
      progress({ waitingFor: 'the hook that moves the clients' });
      await callSwitchHook(hook, input);
      return { isCalled: true };
    },
  };
}

/** Offsets of both nodes at one record time. Decimal int64. */
export interface CommonOffsets {
  /** RFC 3339, microseconds. */
  recordTime: string;
  sourceOffset: string;
  targetOffset: string;
}

async function commonOffsets(
  participants: Participants,
  { source, target, synchronizerId, alias }: HostInput,
  recordTime: string,
): Promise<CommonOffsets> {
  const at = { synchronizerId, recordTime };
  await keepConnected(participants(target), alias);
  // Transient while a node has not got that far: the activity is tried again.
  const sourceOffset = await participants(source).onboarding.findOffsetAt(at);
  const targetOffset = await participants(target).onboarding.findOffsetAt(at);
  return { recordTime, sourceOffset, targetOffset };
}

async function submittedSince(
  { ledger }: Participant,
  parties: string[],
  beginExclusive: string,
): Promise<{ ledgerEnd: string; count: number }> {
  const ledgerEnd = await ledger.readLedgerEnd();
  if (ledgerEnd === beginExclusive) return { ledgerEnd, count: 0 };
  const count = await ledger.countSubmissions({ parties, beginExclusive, endInclusive: ledgerEnd });
  return { ledgerEnd, count };
}

/** A mapping that is there, or on its way from an earlier attempt, is read back by the caller. */
export function ignoreWhatIsThere(error: unknown): void {
  if (!isCantonRefusal(error, 'TOPOLOGY_MAPPING_ALREADY_EXISTS')) throw error;
}
