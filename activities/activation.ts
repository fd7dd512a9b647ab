import { listed, mismatch, refused } from '../model/failure.js';
import type { ActivationGroup } from '../model/live.js';
import type { PartyAuthorization, PartyMapping } from '../model/participant.js';
import { namespaceOf } from '../model/plan.js';
import type { Participants } from './participants.js';
import type { OnboardingInput } from './onboarding.js';
import type { ParticipantReads } from './participant.js';
import { progress } from './progress.js';
import { awaitTopologyIdle } from './topology-idle.js';
import { until } from './waiting.js';
import { readSealed } from './window.js';

/** More in one call become active at different times. Source: Canton facts, live route 2, step 7. */
const ACTIVATED_AT_ONCE = 100;
/** An activation is effective after a second. Source: Canton facts, live route 2, step 6. */
const VISIBLE_LIMIT_MS = 120_000;

export function activationActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target is a host of each party: it signs the proposals while it is disconnected, and the source
     * adds them, a hundred parties in one call. From the call on the target must not connect before it has every contract.
     *
     * Safe to repeat: parties that are active are left alone. Fails with `TargetExposed`, `ProposalMissing` and
     * `ActivationNotEffective`. Source: live route 2, steps 5 and 6.
     */
    async activateParties(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<{ activated: number }> {
      const source = participants.change(input.source);
      const target = participants.change(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const waiting = await stillNotHosted(source, input);
      for (let at = 0; at < waiting.length; at += ACTIVATED_AT_ONCE) {
        const parties = waiting.slice(at, at + ACTIVATED_AT_ONCE);
        progress({ activated: at, of: waiting.length });
        const proposals = await readProposals(source, input, parties);
        if (proposals.length === 0) continue;
        const signed = await target.signing.addSignatures(proposals);
        await readSealed(target, { ...input, window: input });
        await source.topology.addTransactions(signed, store);
        await until(
          async () => ((await notHosted(source, { ...input, parties })).length === 0 ? true : undefined),
          {
            what: `${parties.length} parties to become active on ${input.target.name}`,
            limitMs: VISIBLE_LIMIT_MS,
            type: 'ActivationNotEffective',
            stillMissing: () => `of ${listed(parties)}, some are not hosted by ${input.target.name}`,
          },
        );
      }
      return { activated: waiting.length };
    },

    /** Returns the activations that the source has seen since the offset, of whichever of the parties. */
    async findActivations(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<Activations> {
      const source = participants.read(input.source);
      const found = await activationsOf(source, input);
      return {
        groups: groupsOf(input.parties, found),
        hostedBefore: await hostedBefore(source, input),
      };
    },

    /**
     * Returns when the parties became active on the target, by the events of the source: parties of one instant
     * together, ordered by time.
     *
     * The offset of an event is where the contracts are exported, no later one: what came afterwards reaches the target
     * by itself. Fails with `ActivationNotSeen` and `ActivationUnclear`. Source: live route 2, steps 7 and 7b.
     */
    async readActivations(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<Activations> {
      const source = participants.read(input.source);
      const found = await until(
        async () => {
          const events = await activationsOf(source, input);
          return input.parties.every((party) => events.has(party)) ? events : undefined;
        },
        {
          what: 'the events of the activation',
          limitMs: VISIBLE_LIMIT_MS,
          type: 'ActivationNotSeen',
          stillMissing: () =>
            `${input.source.name} shows no event since offset ${input.beginExclusive} for some of ${listed(input.parties)}`,
        },
      );
      const groups = groupsOf(input.parties, found);
      for (const { recordTime, offset } of groups) {
        const { synchronizerId } = input;
        const at = await source.onboarding.findOffsetAt({ synchronizerId, recordTime });
        if (at !== offset) {
          throw mismatch(
            'ActivationUnclear',
            `the activation at ${recordTime} is at offset ${offset} by its event and at ${at} by its time on ${input.source.name}`,
          );
        }
      }
      return { groups, hostedBefore: await hostedBefore(source, input) };
    },
  };
}

/** When the parties became active, and whom else the target hosts: it has the contracts of those. */
export interface Activations {
  groups: ActivationGroup[];
  /** Its admin party among them. Ordered. */
  hostedBefore: string[];
}

/** The target is disconnected since before the activation: what it hosts beside the parties, it hosted then. */
async function hostedBefore(
  { topology }: ParticipantReads,
  { synchronizerId, target: { uid }, parties }: OnboardingInput & { parties: string[] },
): Promise<string[]> {
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  const ours = new Set(parties);
  return [uid, ...hosted.map(({ party }) => party).filter((party) => !ours.has(party))].sort();
}

/** An attempt that broke off may have added what no list shows yet, neither as a proposal nor as a host. */
async function stillNotHosted(source: ParticipantReads, input: OnboardingInput & { parties: string[] }) {
  await awaitTopologyIdle(source);
  return notHosted(source, input);
}

async function notHosted(
  { topology }: ParticipantReads,
  { synchronizerId, target: { uid }, parties }: OnboardingInput & { parties: string[] },
): Promise<string[]> {
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  const known = new Set(hosted.map(({ party }) => party));
  return parties.filter((party) => !known.has(party));
}

/** The proposals of the parties, as they were signed. Of several, the one whose turn it is: with the highest serial. */
async function readProposals(
  source: ParticipantReads,
  input: OnboardingInput,
  parties: string[],
): Promise<Uint8Array[]> {
  const { synchronizerId, target } = input;
  const byParty = new Map<string, { mapping: PartyMapping; signed: Uint8Array }>();
  for (const namespace of new Set(parties.map(namespaceOf))) {
    const listedThere = await source.topology.listSignedPartyProposals({ synchronizerId }, namespace);
    for (const proposal of listedThere) {
      const { mapping } = proposal;
      const isOurs = mapping.hosts.some(
        ({ participantUid, isOnboarding }) => participantUid === target.uid && isOnboarding,
      );
      const known = byParty.get(mapping.party);
      if (isOurs && (known?.mapping.serial ?? 0) < mapping.serial) byParty.set(mapping.party, proposal);
    }
  }
  // One that took effect meanwhile is no proposal any more.
  const missing = await notHosted(source, {
    ...input,
    parties: parties.filter((party) => !byParty.has(party)),
  });
  if (missing.length > 0) {
    throw refused('ProposalMissing', `${source.name} lists no proposal for ${listed(missing)}`);
  }
  return parties.flatMap((party) => byParty.get(party)?.signed ?? []);
}

/** The last activation of each party on the target since the offset. */
async function activationsOf(
  { ledger }: ParticipantReads,
  { parties, target, beginExclusive }: OnboardingInput & { parties: string[]; beginExclusive: string },
): Promise<Map<string, PartyAuthorization>> {
  const endInclusive = await ledger.readLedgerEnd();
  const found = new Map<string, PartyAuthorization>();
  if (endInclusive === beginExclusive) return found;
  for await (const event of ledger.scanPartyAuthorizations({ parties, beginExclusive, endInclusive })) {
    const isActivation = event.kind === 'added' || event.kind === 'onboarding';
    if (isActivation && event.participantUid === target.uid) found.set(event.party, event);
  }
  return found;
}

function groupsOf(parties: string[], found: Map<string, PartyAuthorization>): ActivationGroup[] {
  const groups = new Map<string, ActivationGroup>();
  for (const party of parties.filter((its) => found.has(its))) {
    const { offset, recordTime } = found.get(party)!;
    const group = groups.get(offset) ?? { offset, recordTime, parties: [] };
    group.parties.push(party);
    groups.set(offset, group);
  }
  return [...groups.values()].sort((a, b) => (BigInt(a.offset) < BigInt(b.offset) ? -1 : 1));
}
