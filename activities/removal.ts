import { listed, mismatch, refused } from '../model/failure.js';
import type { NodeRef } from '../model/participant.js';
import { isCantonRefusal } from './canton-refusal.js';
import { keepConnected, notFullyHosted, type HostInput } from './hosting.js';
import type { Participants } from './participants.js';
import { checkBeforeRemoval, type RemovalChecks } from './removal-checks.js';
import { forEachOf, until } from './waiting.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: Canton facts 1.6. */
const PROPOSALS_AT_ONCE = 50;
const EFFECTIVE_LIMIT_MS = 120_000;

export function removalActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source hosts none of the parties: the point of no return. Signed by the target if it may sign for
     * the namespaces, else by the source, which has to be forced.
     *
     * Safe to repeat. Fails with `TargetNotOnboarded` before a party would be left without a full host, as
     * {@link checkBeforeRemoval} does while the source is a host of any, and with `SourceNotRemoved`. Source: live route
     * 2, step 13.
     */
    async removeSourceHosting(
      input: HostInput & { signer: 'source' | 'target'; checks?: RemovalChecks },
    ): Promise<{ removed: number }> {
      const target = participants.change(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const hosted = async () => {
        const mappings = await target.topology.listPartyMappings(store, {
          participantUid: input.source.uid,
        });
        return mappings.filter(({ party }) => input.parties.includes(party));
      };
      await keepConnected(target, input.alias);
      const waiting = await hosted();
      const left = await notFullyHosted(target, input);
      if (left.length > 0)
        throw mismatch('TargetNotOnboarded', `${input.target.name} is no full host of ${listed(left)}`);
      if (input.checks && waiting.length > 0) {
        const nodes = { source: participants.read(input.source), target };
        await checkBeforeRemoval(nodes, { ...input, ...input.checks });
      }
      const { topology } = participants.change(input[input.signer]);
      await forEachOf(waiting, PROPOSALS_AT_ONCE, async ({ hosts, ...mapping }) => {
        const others = hosts.filter(({ participantUid }) => participantUid !== input.source.uid);
        const next = { ...mapping, hosts: others, serial: mapping.serial + 1 };
        await topology
          .proposePartyMapping(store, next, { isForced: input.signer === 'source' })
          .catch(ignoreWhatIsThere);
      });
      await until(async () => ((await hosted()).length === 0 ? true : undefined), {
        what: `${input.source.name} to be removed as host of ${waiting.length} parties`,
        limitMs: EFFECTIVE_LIMIT_MS,
        type: 'SourceNotRemoved',
        stillMissing: () =>
          `${input.source.name} still hosts some of ${listed(waiting.map((its) => its.party))}`,
      });
      return { removed: waiting.length };
    },

    /**
     * Returns the offsets of both nodes at the time of the last event of the parties on either of them, repairs of one
     * node included: what they hold there has to be equal, while both serve. Waits until both have got that far. Fails
     * with `NotCaughtUp`.
     */
    async readCommonOffsets(
      input: HostInput & { sinceOffset: string; targetSinceOffset: string },
    ): Promise<CommonOffsets> {
      const last = async (node: NodeRef, beginExclusive: string) => {
        const { ledger } = participants.read(node);
        const endInclusive = await ledger.readLedgerEnd();
        return ledger.findLastRecordTime({ parties: input.parties, beginExclusive, endInclusive });
      };
      const onSource = await last(input.source, input.sinceOffset);
      if (onSource === undefined)
        throw refused(
          'NotCaughtUp',
          `${input.source.name} shows no event since offset ${input.sinceOffset}`,
        );
      const onTarget = await last(input.target, input.targetSinceOffset);
      // Microseconds in all of them: the later time is the later text.
      const recordTime = onTarget !== undefined && onTarget > onSource ? onTarget : onSource;
      return commonOffsets(participants, input, recordTime);
    },

    /** The same at the time of the first removal: until then both nodes were hosts. Fails with `RemovalNotSeen`. */
    async readRemoval(input: HostInput & { sinceOffset: string }): Promise<CommonOffsets> {
      const { ledger } = participants.read(input.source);
      const { parties, sinceOffset: beginExclusive } = input;
      const recordTime = await until(
        async () => {
          const endInclusive = await ledger.readLedgerEnd();
          if (endInclusive === beginExclusive) return undefined;
          const range = { parties, beginExclusive, endInclusive };
          for await (const event of ledger.scanPartyAuthorizations(range)) {
            if (event.kind === 'revoked' && event.participantUid === input.source.uid)
              return event.recordTime;
          }
          return undefined;
        },
        {
          what: 'the event of the removal',
          limitMs: EFFECTIVE_LIMIT_MS,
          type: 'RemovalNotSeen',
          stillMissing: () => `${input.source.name} shows no event of its removal`,
        },
      );
      return commonOffsets(participants, input, recordTime);
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
  await keepConnected(participants.change(target), alias);
  // Transient while a node has not got that far: the activity is tried again.
  const sourceOffset = await participants.read(source).onboarding.findOffsetAt(at);
  const targetOffset = await participants.read(target).onboarding.findOffsetAt(at);
  return { recordTime, sourceOffset, targetOffset };
}

/** A mapping that is there, or on its way from an earlier attempt, is read back by the caller. */
export function ignoreWhatIsThere(error: unknown): void {
  if (!isCantonRefusal(error, 'TOPOLOGY_MAPPING_ALREADY_EXISTS')) throw error;
}
