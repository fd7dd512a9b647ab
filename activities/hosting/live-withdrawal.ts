import { log } from '@temporalio/activity';

import { CantonError } from '../../canton/errors.js';
import { counted, listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef, PartyMapping } from '../../model/participant.js';
import { allowing } from '../../canton/refusals.js';
import { purgeContracts } from '../contracts/purging.js';
import { listHosted } from './hosted.js';
import { keepConnected, type HostInput } from './hosting.js';
import type { OnboardingInput } from './onboarding.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { namespaceOf } from '../../model/plan.js';
import { PROPOSALS_AT_ONCE, withRoom } from './messages.js';
import { awaitTopologyIdle } from './topology-idle.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { isExposed, type OnboardingWindow, type TargetProof } from './window.js';

const EFFECTIVE_LIMIT_MS = 120_000;
/** So long one may take: 87 are proposed in a second, within the first look. */
const EFFECTIVE_MS_EACH = 40;

type Exposure = OnboardingInput & { parties: string[]; window?: OnboardingWindow; proof?: TargetProof };

/** What takes the live route back, before the source is removed. */
export function liveWithdrawalActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target hosts none of the parties, and no activation is on its way. The source serves
     * throughout.
     *
     * The source signs for the namespaces that it has the keys of, before the target is connected again; of
     * all other parties only the target can take itself off, once it is connected. Safe to repeat. Fails with
     * `PartiesNotWithdrawn`. Source: live-route 8.
     */
    async withdrawOnboarding(
      input: HostInput & { signer: 'source' | 'target'; sourceSigns: string[] },
    ): Promise<{ withdrawn: number }> {
      const source = participants.read(input.source);
      const hosted = () => withdrawable(source, input);
      const withdraw = withdrawal(participants.change(input[input.signer]), input);
      // An attempt that broke off may have added what no list shows yet.
      await awaitTopologyIdle(source, input.synchronizerId);
      const waiting = await hosted();
      // The target clears a flag whenever it likes, and what was proposed for the mapping before is void
      // then.
      const isWithdrawn = async () => {
        // It does not connect by itself after a restart, and what it signs would stay in its queue.
        if (input.signer === 'target') await keepConnected(participants, input);
        const left = await hosted();
        await forEachOf(left, PROPOSALS_AT_ONCE, withdraw);
        return left.length === 0 ? true : undefined;
      };
      await until(isWithdrawn, {
        what: `${counted(waiting.length, 'party', 'parties')} to be hosted without ${input.target.name}`,
        limitMs: EFFECTIVE_LIMIT_MS + waiting.length * EFFECTIVE_MS_EACH,
        type: 'PartiesNotWithdrawn',
        heldUpBy: trafficHold(participants.read(input[input.signer]), input),
        stillMissing: () =>
          `${input.target.name} still hosts some of ${listed(waiting.map(({ party }) => party))}`,
      });
      return { withdrawn: waiting.length };
    },

    /**
     * Disconnects a target that is lost, if it answers: it has to be rebuilt in any case, and its process may
     * have ended for good.
     */
    async leaveTarget(input: { target: NodeRef }): Promise<{ isDisconnected: boolean }> {
      const { synchronizers } = participants.change(input.target);
      try {
        await disconnectEverywhere(synchronizers);
        return { isDisconnected: true };
      } catch (error) {
        const isOther = !(error instanceof CantonError) || error.type === 'OtherParticipant';
        if (isOther) throw error;
        log.warn('a target that is lost cannot be disconnected', { target: input.target.name, error });
        return { isDisconnected: false };
      }
    },

    /**
     * Returns whether the target was connected while it was a host, before it was proven to have every
     * contract. Of one that was not isolated yet, so without a window: whether it is a host of any of the
     * parties.
     */
    async readExposure(input: Exposure): Promise<{ isExposed: boolean }> {
      return { isExposed: await wasExposed(participants, input) };
    },

    /**
     * Ensures that the target holds no contract of the parties, but those of which it hosts another
     * stakeholder. It has to be disconnected, and host of none of the parties. Safe to repeat.
     */
    async purgeHosted(input: HostInput): Promise<{ purged: number }> {
      const target = participants.change(input.target);
      const kept = await stakeholdersOf(target, input);
      const still = input.parties.filter((party) => kept.has(party));
      if (still.length > 0)
        throw mismatch('PartiesNotWithdrawn', `${input.target.name} still hosts ${listed(still)}`);
      const purged = await purgeContracts(target, input.alias, {
        parties: input.parties,
        has: ({ stakeholders, synchronizerId }) =>
          synchronizerId === input.synchronizerId && !stakeholders.some((party) => kept.has(party)),
      });
      return { purged };
    },
  };
}

async function wasExposed(participants: Participants, input: Exposure): Promise<boolean> {
  const { window } = input;
  if (window) return isExposed(participants.read(input.target), { ...input, window });
  return (await listHosted(participants.read(input.source), input, input.target.uid)).length > 0;
}

/** The parties that the target hosts, as far as the signer signs for them. */
async function withdrawable(
  source: ParticipantReads,
  input: HostInput & { signer: 'source' | 'target'; sourceSigns: string[] },
): Promise<PartyMapping[]> {
  const hosted = await listHosted(source, input, input.target.uid);
  if (input.signer === 'target') return hosted;
  const ofSource = new Set(input.sourceSigns);
  return hosted.filter(({ party }) => ofSource.has(namespaceOf(party)));
}

async function disconnectEverywhere(synchronizers: Participant['synchronizers']): Promise<void> {
  for (const { alias, isManualConnect } of await synchronizers.listRegistered()) {
    if (!isManualConnect) await synchronizers.setManualConnect(alias, true);
    await synchronizers.disconnect(alias);
  }
}

/** Whom the target hosts, its admin party among them: their contracts are its own. */
async function stakeholdersOf(
  { topology }: Participant,
  { synchronizerId, target: { uid } }: HostInput,
): Promise<Set<string>> {
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  return new Set([uid, ...hosted.map(({ party }) => party)]);
}

/** Returns what takes the target from the hosts of a mapping: proposed once for each serial. */
function withdrawal(
  node: Participant,
  { synchronizerId, target, signer }: HostInput & { signer: 'source' | 'target' },
) {
  const proposed = new Map<string, number>();
  // The target leaves parties of whose contracts it holds some.
  const isForced = signer === 'target';
  return async ({ party, ...mapping }: PartyMapping): Promise<void> => {
    const serial = mapping.serial + 1;
    if (proposed.get(party) === serial) return;
    const hosts = mapping.hosts.filter(({ participantUid }) => participantUid !== target.uid);
    const next = { ...mapping, party, hosts, serial };
    const propose = async () => {
      await node.topology.proposePartyMapping({ synchronizerId }, next, { isForced });
      proposed.set(party, serial);
    };
    // A mapping that was changed a moment ago is read again, and one that is there as well.
    await withRoom(node, { synchronizerId }, () =>
      allowing(['changed meanwhile', 'exists already'], propose()),
    );
  };
}
