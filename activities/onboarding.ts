import { listed, mismatch, refused } from '../model/failure.js';
import type { ActivationGroup } from '../model/live.js';
import type { PartyAuthorization, PartyMapping } from '../model/participant.js';
import { namespaceOf } from '../model/plan.js';
import { isCantonRefusal } from './canton-refusal.js';
import { Custody } from './custody.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { progress } from './progress.js';
import type { Wanted } from './recreate-parties.js';
import { forEachOf, until } from './waiting.js';
import { readSealed } from './window.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: Canton facts 1.6. */
const PROPOSALS_AT_ONCE = 50;
/** More in one call become active at different times. Source: Canton facts, live route 2, step 7. */
const ACTIVATED_AT_ONCE = 100;
/** A proposal is listed after 1.6 s, an activation is effective after 1 s. Source: live route 2, steps 3 and 6. */
const VISIBLE_LIMIT_MS = 120_000;

/** Parties that the target becomes a host of, beside the source, on the synchronizer both are on. */
export interface OnboardingInput {
  /** Names in the worker's configuration. */
  source: string;
  target: string;
  sourceUid: string;
  targetUid: string;
  /** Logical id. */
  synchronizerId: string;
}

export function onboardingActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target is registered with the synchronizer of the source, by the source's own configuration of
     * it, and connected. Safe to repeat.
     */
    async ensureJoined(input: {
      source: string;
      target: string;
      alias: string;
      synchronizerId: string;
    }): Promise<{ isNew: boolean }> {
      const { synchronizers } = participants(input.target);
      const find = async () =>
        (await synchronizers.listRegistered()).find(
          ({ logicalId }) => logicalId === input.synchronizerId,
        );
      const known = await find();
      if (known?.isConnected) return { isNew: false };
      progress({ connecting: input.target });
      if (known) await synchronizers.reconnect(known.alias);
      else {
        const config = await participants(input.source).synchronizers.readConfig(input.alias);
        await synchronizers.connectWith(config);
      }
      await until(async () => ((await find())?.isConnected ? true : undefined), {
        what: `${input.target} to be connected to ${input.alias}`,
        limitMs: VISIBLE_LIMIT_MS,
        type: 'NotConnected',
        stillMissing: () => `${input.target} is not connected to ${input.alias}`,
      });
      return { isNew: true };
    },

    /**
     * Ensures that the target connects to nothing by itself, and reads it back: before the first proposal, or a crash
     * in the window would bring it back without its contracts. It stays connected. Source: live route 2, step 1.
     */
    async ensureManualConnect({ target }: { target: string }): Promise<void> {
      const { synchronizers } = participants(target);
      for (const { alias, isManualConnect } of await synchronizers.listRegistered()) {
        if (!isManualConnect) await synchronizers.setManualConnect(alias, true);
      }
      await readManualConnect(participants(target));
    },

    /**
     * Ensures that the source has proposed the target as a further host of each party, with the onboarding flag. Nothing
     * takes effect: the target has not signed.
     *
     * Safe to repeat: a proposal that is there is kept, a party that the target hosts already is left alone. Fails with
     * `ManualConnectMissing`, `PartiesChanged` and `ProposalsNotVisible`. Source: live route 2, steps 2 and 3.
     */
    async ensureOnboardingProposed(
      input: OnboardingInput & { parties: Wanted[] },
    ): Promise<{ proposed: number }> {
      const source = participants(input.source);
      await readManualConnect(participants(input.target));
      const missing = await withoutProposal(source, input);
      let proposed = 0;
      await forEachOf(missing, PROPOSALS_AT_ONCE, async (mapping) => {
        await source.topology
          .proposePartyHosting({ synchronizerId: input.synchronizerId }, mapping)
          .catch((error: unknown) => {
            if (!isCantonRefusal(error, 'TOPOLOGY_MAPPING_ALREADY_EXISTS')) throw error;
          });
        progress({ proposed: ++proposed, of: missing.length });
      });
      await until(async () => ((await withoutProposal(source, input)).length === 0 ? true : undefined), {
        what: `${missing.length} proposals to be visible`,
        limitMs: VISIBLE_LIMIT_MS,
        type: 'ProposalsNotVisible',
        stillMissing: () =>
          `of ${listed(missing.map(({ party }) => party))}, some proposals are not listed by ${input.source}`,
      });
      return { proposed: missing.length };
    },

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
      const [source, target] = [participants(input.source), participants(input.target)];
      const store = { synchronizerId: input.synchronizerId };
      const custody = new Custody();
      const { targetUid, beginExclusive } = input;
      const waiting = await notHosted(source, input);
      for (let at = 0; at < waiting.length; at += ACTIVATED_AT_ONCE) {
        const parties = waiting.slice(at, at + ACTIVATED_AT_ONCE);
        progress({ activated: at, of: waiting.length });
        const signed = await target.signing.addSignatures(await readProposals(source, input, parties));
        await readSealed(target, input.parties, { targetUid, beginExclusive });
        await custody.prove();
        await source.topology.addTransactions(signed, store);
        await until(
          async () => ((await notHosted(source, { ...input, parties })).length === 0 ? true : undefined),
          {
            what: `${parties.length} parties to become active on ${input.target}`,
            limitMs: VISIBLE_LIMIT_MS,
            type: 'ActivationNotEffective',
            stillMissing: () => `of ${listed(parties)}, some are not hosted by ${input.target}`,
          },
        );
        custody.expire();
      }
      return { activated: waiting.length };
    },

    /** Returns the activations that the source has seen since the offset, of whichever of the parties. */
    async findActivations(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<{ groups: ActivationGroup[] }> {
      const found = await activationsOf(participants(input.source), input);
      return { groups: groupsOf(input.parties, found) };
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
    ): Promise<{ groups: ActivationGroup[] }> {
      const source = participants(input.source);
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
            `${input.source} shows no event since offset ${input.beginExclusive} for some of ${listed(input.parties)}`,
        },
      );
      const groups = groupsOf(input.parties, found);
      for (const { recordTime, offset } of groups) {
        const { synchronizerId } = input;
        const at = await source.onboarding.findOffsetAt({ synchronizerId, recordTime });
        if (at !== offset) {
          throw mismatch(
            'ActivationUnclear',
            `the activation at ${recordTime} is at offset ${offset} by its event and at ${at} by its time on ${input.source}`,
          );
        }
      }
      return { groups };
    },
  };
}

async function readManualConnect({ name, synchronizers }: Participant): Promise<void> {
  const others = (await synchronizers.listRegistered()).filter((its) => !its.isManualConnect);
  if (others.length === 0) return;
  throw mismatch(
    'ManualConnectMissing',
    `${name} connects by itself to ${others.map(({ alias }) => alias).join(', ')}: after a crash it would come back without its contracts`,
  );
}

/** The mappings that are still to be proposed, each with the serial it shall get. */
async function withoutProposal(
  source: Participant,
  input: OnboardingInput & { parties: Wanted[] },
): Promise<PartyMapping[]> {
  const store = { synchronizerId: input.synchronizerId };
  const filter = { participantUid: input.sourceUid };
  const [current, proposals] = await Promise.all([
    source.topology.listPartyMappings(store, filter),
    source.topology.listPartyMappings(store, filter, { isProposal: true }),
  ]);
  const byParty = new Map(current.map((mapping) => [mapping.party, mapping]));
  const gone = input.parties.filter(({ party }) => !byParty.has(party));
  if (gone.length > 0) {
    throw mismatch(
      'PartiesChanged',
      `${input.source} does not host ${listed(gone.map(({ party }) => party))} any more`,
    );
  }
  const proposed = new Set(proposals.map(keyOf));
  return input.parties
    .map((wanted) => withTarget(byParty.get(wanted.party)!, wanted, input))
    .filter((mapping) => mapping !== undefined)
    .filter((mapping) => !proposed.has(keyOf(mapping)));
}

function keyOf({ party, serial, hosts }: PartyMapping): string {
  return JSON.stringify([party, serial, hosts]);
}

/** The mapping with the target as a flagged host; nothing if it is a host already. */
function withTarget(
  current: PartyMapping,
  { permission }: Wanted,
  { targetUid }: OnboardingInput,
): PartyMapping | undefined {
  if (current.hosts.some(({ participantUid }) => participantUid === targetUid)) return undefined;
  const host = { participantUid: targetUid, permission, isOnboarding: true };
  return { ...current, hosts: [...current.hosts, host], serial: current.serial + 1 };
}

async function notHosted(
  { topology }: Participant,
  { synchronizerId, targetUid, parties }: OnboardingInput & { parties: string[] },
): Promise<string[]> {
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: targetUid });
  const known = new Set(hosted.map(({ party }) => party));
  return parties.filter((party) => !known.has(party));
}

/** The proposals of the parties, as they were signed. Of several, the one whose turn it is: with the highest serial. */
async function readProposals(
  source: Participant,
  { synchronizerId, targetUid }: OnboardingInput,
  parties: string[],
): Promise<Uint8Array[]> {
  const byParty = new Map<string, { mapping: PartyMapping; signed: Uint8Array }>();
  for (const namespace of new Set(parties.map(namespaceOf))) {
    const listedThere = await source.topology.listSignedPartyProposals({ synchronizerId }, namespace);
    for (const proposal of listedThere) {
      const { mapping } = proposal;
      const isOurs = mapping.hosts.some(
        ({ participantUid, isOnboarding }) => participantUid === targetUid && isOnboarding,
      );
      const known = byParty.get(mapping.party);
      if (isOurs && (known?.mapping.serial ?? 0) < mapping.serial) byParty.set(mapping.party, proposal);
    }
  }
  const missing = parties.filter((party) => !byParty.has(party));
  if (missing.length > 0) {
    throw refused('ProposalMissing', `${source.name} lists no proposal for ${listed(missing)}`);
  }
  return parties.map((party) => byParty.get(party)!.signed);
}

/** The last activation of each party on the target since the offset. */
async function activationsOf(
  { ledger }: Participant,
  {
    parties,
    targetUid,
    beginExclusive,
  }: OnboardingInput & { parties: string[]; beginExclusive: string },
): Promise<Map<string, PartyAuthorization>> {
  const endInclusive = await ledger.readLedgerEnd();
  const found = new Map<string, PartyAuthorization>();
  if (endInclusive === beginExclusive) return found;
  for await (const event of ledger.scanPartyAuthorizations({ parties, beginExclusive, endInclusive })) {
    const isActivation = event.kind === 'added' || event.kind === 'onboarding';
    if (isActivation && event.participantUid === targetUid) found.set(event.party, event);
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
