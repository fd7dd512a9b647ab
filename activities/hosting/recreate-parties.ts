import { counted, listed } from '../../model/count.js';
import type { Wanted } from '../../model/hosting.js';
import type { HostingParticipant, NodeRef, PartyMapping } from '../../model/participant.js';
import { allowing, isRefusal } from '../../canton/refusals.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { awaitTopologyIdle } from './topology-idle.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { progress } from '../attempt/progress.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
const PROPOSALS_AT_ONCE = 50;

/** One proposal takes 1 to 7 s to become effective. Source: admin-api 5.4. */
const EFFECTIVE_LIMIT_MS = 120_000;

/** Parties of the source that the target is to host on a synchronizer, or no longer. */
export interface HostingInput {
  target: NodeRef;
  synchronizerId: string;
  /** Uid of a parked participant that hosts the parties there, and that the target takes the place of. */
  replacedUid?: string;
}

export function recreatePartiesActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target hosts each party on the synchronizer with the permission given, beside the hosts
     * the party has there.
     *
     * Proposals overlap. Done only when every mapping is read back as effective. Safe to repeat: a party that
     * is hosted so already is left alone. Fails with `PartiesNotEffective`.
     */
    async ensurePartiesHosted(input: HostingInput & { parties: Wanted[] }): Promise<{ hosted: number }> {
      const target = participants.change(input.target);
      await awaitTopologyIdle(target, input.synchronizerId);
      const missing = await withoutHosted(target, input);
      let proposed = 0;
      await forEachOf(missing, PROPOSALS_AT_ONCE, async (wanted) => {
        const current = await findMapping(target, input.synchronizerId, wanted.party);
        await propose(target, input.synchronizerId, withHost(current, wanted, input));
        progress({ proposed: ++proposed, of: missing.length });
      });
      await until(
        async () =>
          (await withoutHosted(target, { ...input, parties: missing })).length === 0 ? true : undefined,
        {
          what: `${counted(missing.length, 'party', 'parties')} to become effective`,
          limitMs: EFFECTIVE_LIMIT_MS,
          type: 'PartiesNotEffective',
          heldUpBy: trafficHold(target, input),
          stillMissing: () =>
            `of ${listed(missing.map(({ party }) => party))}, some are not hosted by ${input.target.name}`,
        },
      );
      return { hosted: missing.length };
    },

    /**
     * Ensures that each party is mapped on the synchronizer as it was before the migration, or not at all.
     *
     * The undo of {@link ensurePartiesHosted}. The target has to be connected. It does not leave a party of which it has
     * contracts, which others created there: such a party is in `kept`, and stays hosted, or nobody could end them.
     * Fails with `PartiesNotWithdrawn`.
     */
    async withdrawParties(
      input: HostingInput & { parties: { party: string; formerMapping?: PartyMapping }[] },
    ): Promise<{ withdrawn: number; kept: string[] }> {
      const target = participants.change(input.target);
      await awaitTopologyIdle(target, input.synchronizerId);
      const toWithdraw = await notAsBefore(target, input);
      const kept = new Set<string>();
      await forEachOf(toWithdraw, PROPOSALS_AT_ONCE, async ({ mapping, former }) => {
        if (!(await withdraw(target, input, mapping, former))) kept.add(mapping.party);
      });
      const waiting = async () =>
        (await notAsBefore(target, input)).filter(({ mapping }) => !kept.has(mapping.party));
      await until(async () => ((await waiting()).length === 0 ? true : undefined), {
        what: `${counted(toWithdraw.length - kept.size, 'party', 'parties')} to be withdrawn`,
        limitMs: EFFECTIVE_LIMIT_MS,
        type: 'PartiesNotWithdrawn',
        heldUpBy: trafficHold(target, input),
        stillMissing: () =>
          `of ${listed(toWithdraw.map(({ mapping }) => mapping.party))}, some are still hosted by ${input.target.name}`,
      });
      return { withdrawn: toWithdraw.length - kept.size, kept: [...kept].sort() };
    },
  };
}

async function listHosted(target: ParticipantReads, { synchronizerId, target: { uid } }: HostingInput) {
  return target.topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
}

async function withoutHosted(
  target: ParticipantReads,
  input: HostingInput & { parties: Wanted[] },
): Promise<Wanted[]> {
  if (input.parties.length === 0) return [];
  const hosted = new Map(
    (await listHosted(target, input)).map((mapping) => [mapping.party, mapping] as const),
  );
  return input.parties.filter(
    ({ party, permission }) => hostIn(hosted.get(party), input)?.permission !== permission,
  );
}

/** The parties that the target hosts differently than before the migration, and how it did then. */
export async function notAsBefore(
  target: ParticipantReads,
  input: HostingInput & { parties: { party: string; formerMapping?: PartyMapping }[] },
): Promise<{ mapping: PartyMapping; former: HostingParticipant[] }[]> {
  const { uid } = input.target;
  const { replacedUid } = input;
  const before = new Map(input.parties.map(({ party, formerMapping }) => [party, formerMapping]));
  return (await listHosted(target, input))
    .filter(({ party }) => before.has(party))
    .map((mapping) => {
      const hosts = before.get(mapping.party)?.hosts ?? [];
      const former = hosts.filter((its) => [uid, replacedUid].includes(its.participantUid));
      return { mapping, former };
    })
    .filter(
      ({ mapping, former }) =>
        hostIn(mapping, input)?.permission !==
        former.find((its) => its.participantUid === uid)?.permission,
    );
}

function hostIn(
  mapping: PartyMapping | undefined,
  { target: { uid } }: HostingInput,
): HostingParticipant | undefined {
  return mapping?.hosts.find(({ participantUid }) => participantUid === uid);
}

async function findMapping(target: ParticipantReads, synchronizerId: string, party: string) {
  const found = await target.topology.listPartyMappings({ synchronizerId }, { party });
  return found.find((mapping) => mapping.party === party);
}

/** A proposal replaces the whole list of hosts, so those the party has are kept, but the replaced one. Source: admin-api 5.4. */
function withHost(
  current: PartyMapping | undefined,
  wanted: Wanted,
  { target: { uid: participantUid }, replacedUid }: HostingInput,
): PartyMapping {
  const host = { participantUid, permission: wanted.permission, isOnboarding: false };
  // Serial 0 lets the node choose: a mapping removed by an earlier abort left a serial that no list shows.
  if (!current) return { party: wanted.party, threshold: 1, hosts: [host], serial: 0 };
  const others = current.hosts.filter(
    (its) => its.participantUid !== participantUid && its.participantUid !== replacedUid,
  );
  return { ...current, hosts: [...others, host], serial: current.serial + 1 };
}

/** Repeats end well: a mapping that is there, or on its way from an earlier attempt, is read back by the caller. */
async function propose(target: Participant, synchronizerId: string, mapping: PartyMapping) {
  await allowing(['exists already'], target.topology.proposePartyMapping({ synchronizerId }, mapping));
}

/**
 * Other hosts are left as they are now: they may have changed since the plan was made. False if the target has contracts
 * of the party and does not leave it.
 */
async function withdraw(
  target: Participant,
  input: HostingInput,
  mapping: PartyMapping,
  former: HostingParticipant[],
): Promise<boolean> {
  const store = { synchronizerId: input.synchronizerId };
  const restored = [input.target.uid, ...former.map(({ participantUid }) => participantUid)];
  const others = mapping.hosts.filter(({ participantUid }) => !restored.includes(participantUid));
  const hosts = [...others, ...former];
  const next = { ...mapping, serial: mapping.serial + 1 };
  try {
    await (hosts.length === 0
      ? target.topology.removePartyMapping(store, next)
      : target.topology.proposePartyMapping(store, { ...next, hosts }));
  } catch (error) {
    if (isRefusal(error, 'party has active contracts')) return false;
    if (!isRefusal(error, 'exists already', 'does not exist')) throw error;
  }
  return true;
}
