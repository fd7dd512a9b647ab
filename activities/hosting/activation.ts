import { isRefused } from '../../canton/refusals.js';
import { counted, listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import { describeLacking, type Activation, type ActivationGroup } from '../../model/live.js';
import { describeHosting, type Wanted } from '../../model/hosting.js';
import type { PartyAuthorization, PartyMapping, SignedMapping } from '../../model/participant.js';
import { assertNotStranded } from '../nodes/missed-upgrades.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { assertNoneLacking, LackingSignatures } from './lacking-signatures.js';
import { messagesOf, withRoom } from './messages.js';
import { assertNoOtherOnboarding } from './other-onboarding.js';
import { proposalKey, scanProposals, type ProposedPart } from './proposals.js';
import { wantedMappings, type OnboardingInput } from './onboarding.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import type { ListStore } from '../../storage/list-store.js';
import { notHosted } from './hosted.js';
import { progress } from '../attempt/progress.js';
import { awaitTopologyIdle } from './topology-idle.js';
import { batchesOf, until } from '../attempt/waiting.js';
import { readIsolatedTarget } from './window.js';

/** A node that signs more in one call takes longer for each. Source: networks H. */
const SIGNED_AT_ONCE = 100;
/** They take effect a hundred at a time, one after the other. Source: networks H. */
const ADDED_AT_ONCE = 1_000;
/** An activation is effective after a second. Source: live-route 2, step 6. */
const VISIBLE_LIMIT_MS = 120_000;

export function activationActivities(participants: Participants, lists: ListStore) {
  return {
    /**
     * Ensures that the target is a host of each party: it signs the proposals while it is disconnected, and
     * the source adds them, many in one call. From the call on the target must not connect before it has
     * every contract.
     *
     * It signs what this migration proposes and nothing else, whoever else proposed what. What became
     * effective is read back by content. It signs nothing that lacks a signature of anybody else: that would
     * take effect by itself when the last owner signs, also after an abort. Safe to repeat: parties that are
     * active are left alone. Fails with `TargetExposed`, `TargetOnboarding`, `NotUpgraded`,
     * `ProposalMissing`, `SignatureMissing`, `PartiesChanged` and `ActivationNotEffective`. Source:
     * live-route 2, steps 5 and 6.
     */
    async activateParties(
      input: OnboardingInput & { parties: Wanted[]; beginExclusive: string },
    ): Promise<{ activated: number }> {
      const source = participants.change(input.source);
      const target = participants.change(input.target);
      // An attempt that broke off may have added what no list shows yet, neither as a proposal nor as a host.
      await awaitTopologyIdle(source, input.synchronizerId);
      await assertNoOtherOnboarding(source, input);
      const waiting = await wantedMappings(source, input);
      const lacking = await LackingSignatures.read(source, input);
      const signers = new Set(input.parties.filter((its) => its.signers).map(({ party }) => party));
      const signedByOthers = waiting.filter(({ party }) => signers.has(party));
      // Of all of them, before any takes effect.
      assertNoneLacking(input.target.name, await lacking.scan(signedByOthers));
      let activated = 0;
      for await (const part of scanProposals(source, input, waiting)) {
        const { synchronizerId } = input;
        const isHost = activated > 0 || waiting.length < input.parties.length;
        // An upgrade may have been done while this was held by it.
        await assertNotStranded(target, participants.everyone(), { synchronizerId, isHost });
        const proposals = await ourProposals(source, input, part);
        const complete = await completeOf(source, input, { ...part, proposals });
        await activate({ source, target }, input, complete);
        progress({ activated: (activated += part.mappings.length), of: waiting.length });
      }
      await awaitHosted(source, input, waiting);
      // Somebody else's mapping may have become effective instead.
      await wantedMappings(source, input);
      return { activated: waiting.length };
    },

    /**
     * Returns the activations that the source has seen since the offset, of whichever of the parties: of an
     * abort, which asks before it takes the target back as a host. Topology is ahead of the ledger, so each
     * party that the target hosts is waited for. Fails with `ActivationNotSeen` and `ActivatedAgain`.
     */
    async findActivations(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<{ activation?: Activation }> {
      const source = participants.read(input.source);
      await awaitTopologyIdle(source, input.synchronizerId);
      const unhosted = new Set(await notHosted(source, input, input.target.uid));
      const hosted = input.parties.filter((party) => !unhosted.has(party));
      const found = await awaitActivations(source, input, hosted);
      const groups = groupsOf(input.parties, found);
      if (groups.length === 0) return {};
      return { activation: await activationOf(lists, groups, await hostedBefore(source, input)) };
    },

    /**
     * Returns when the parties became active on the target, by the events of the source: parties of one
     * instant together, ordered by time.
     *
     * The offset of an event is where the contracts are exported, no later one: what came afterwards reaches
     * the target by itself. Fails with `ActivationNotSeen`, `ActivatedAgain` and `ActivationUnclear`. Source:
     * live-route 2, steps 7 and 7b.
     */
    async readActivations(
      input: OnboardingInput & { parties: string[]; beginExclusive: string },
    ): Promise<Activation> {
      const source = participants.read(input.source);
      const found = await awaitActivations(source, input, input.parties);
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
      return activationOf(lists, groups, await hostedBefore(source, input));
    },
  };
}

/**
 * Has the target sign these proposals and the source add them, as many in one call as go, and waits until the
 * last of each call is in effect before the next one: what was added is in effect in this order. Meanwhile
 * the target signs the next ones.
 */
async function activate(
  { source, target }: { source: Participant; target: Participant },
  input: OnboardingInput & { beginExclusive: string },
  proposals: SignedMapping[],
): Promise<void> {
  const store = { synchronizerId: input.synchronizerId };
  let effective: Promise<void> = Promise.resolve();
  for (const some of batchesOf(proposals, ADDED_AT_ONCE)) {
    const parties = some.map(({ mapping }) => mapping.party);
    const signing = signedByTarget(target, some);
    // If either fails, neither is left running.
    const [signatures, before] = await Promise.allSettled([signing, effective]);
    if (before.status === 'rejected') throw before.reason;
    if (signatures.status === 'rejected') throw signatures.reason;
    const signed = signatures.value;
    for (const batch of messagesOf(signed, ADDED_AT_ONCE)) {
      await readIsolatedTarget(target, { ...input, parties, window: input });
      // A threshold that is raised at this very moment has them refused: none is left as a proposal that the
      // target signed.
      await withRoom(source, store, () =>
        source.topology.addTransactions(batch, store, { mustFullyAuthorize: true }),
      ).catch(async (error: unknown) => {
        if (isRefused(error))
          assertNoneLacking(input.target.name, await lackingUnder(source, input, proposals));
        throw error;
      });
    }
    const largest = Math.max(...signed.map(({ length }) => length));
    effective = awaitLast(source, input, some.at(-1)!.mapping, largest);
  }
  await effective;
}

async function signedByTarget(
  { name, signing }: Participant,
  proposals: SignedMapping[],
): Promise<Uint8Array[]> {
  const signed: Uint8Array[] = [];
  const unsigned = proposals.map((its) => its.signed);
  for (const batch of messagesOf(unsigned, SIGNED_AT_ONCE)) {
    progress({ signing: name, signed: signed.length, of: unsigned.length });
    signed.push(...(await signing.addSignatures(batch)));
  }
  return signed;
}

async function awaitLast(
  source: ParticipantReads,
  input: OnboardingInput,
  mapping: PartyMapping,
  bytes: number,
): Promise<void> {
  const { party } = mapping;
  const store = { synchronizerId: input.synchronizerId };
  const isHosted = ({ hosts, party: its }: PartyMapping) =>
    its === party && hosts.some(({ participantUid }) => participantUid === input.target.uid);
  const left = async () =>
    (await source.topology.listPartyMappings(store, { party })).some(isHosted) ? [] : [mapping];
  await until(() => readActive(source, input, left), {
    ...activeOf(source, input, [mapping]),
    heldUpBy: trafficHold(source, input, bytes),
  });
}

async function awaitHosted(
  source: ParticipantReads,
  input: OnboardingInput,
  mappings: PartyMapping[],
): Promise<void> {
  const parties = mappings.map(({ party }) => party);
  let left = parties;
  const readLeft = async () => {
    left = await notHosted(source, { ...input, parties }, input.target.uid);
    const missing = new Set(left);
    return mappings.filter(({ party }) => missing.has(party));
  };
  await until(
    () => readActive(source, input, readLeft),
    activeOf(source, input, mappings, () => left),
  );
}

/**
 * Whether none of these is left to become active. Fails with `SignatureMissing` for what the synchronizer
 * refused when it ordered it: whoever added it is told nothing of that. Source: networks D.
 */
async function readActive(
  source: ParticipantReads,
  input: OnboardingInput,
  readLeft: () => Promise<PartyMapping[]>,
): Promise<true | undefined> {
  if ((await readLeft()).length === 0) return true;
  const { pendingTopologyTransactions: pending } = await source.health.readStatus();
  if (pending > 0) return undefined;
  const left = await readLeft();
  if (left.length === 0) return true;
  const lacking = await LackingSignatures.read(source, input);
  assertNoneLacking(input.target.name, await lacking.scan(left));
  return undefined;
}

/** What is waited for, and what is said if it does not come. */
function activeOf(
  source: ParticipantReads,
  input: OnboardingInput,
  mappings: PartyMapping[],
  left = () => mappings.map(({ party }) => party),
) {
  return {
    what: `${counted(mappings.length, 'party', 'parties')} to become active on ${input.target.name}`,
    limitMs: VISIBLE_LIMIT_MS,
    type: 'ActivationNotEffective',
    heldUpBy: trafficHold(source, input),
    stillMissing: async () => {
      const missing = new Set(left());
      const lacking = await LackingSignatures.read(source, input);
      const found = await lacking.scan(mappings.filter(({ party }) => missing.has(party)));
      const why = found.parties > 0 ? `; it waits for ${describeLacking(found)}` : '';
      return `${listed([...missing])}: not hosted by ${input.target.name}${why}`;
    },
  } as const;
}

/** Of groups ordered by time, at least one. */
async function activationOf(
  lists: ListStore,
  groups: ActivationGroup[],
  hosted: string[],
): Promise<Activation> {
  const [first, last] = [groups[0]!, groups.at(-1)!].map(({ offset, recordTime }) => ({
    offset,
    recordTime,
  }));
  return {
    groups: await lists.keep(groups),
    partyCount: groups.reduce((sum, { parties }) => sum + parties.length, 0),
    first: first!,
    last: last!,
    hostedBefore: await lists.keep(hosted),
  };
}

/**
 * The target is disconnected since before the activation: what it hosts beside the parties, it hosted then.
 * Its admin party is among them. Ordered.
 */
async function hostedBefore(
  { topology }: ParticipantReads,
  { synchronizerId, target: { uid }, parties }: OnboardingInput & { parties: string[] },
): Promise<string[]> {
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  const ours = new Set(parties);
  return [uid, ...hosted.map(({ party }) => party).filter((party) => !ours.has(party))].sort();
}

/**
 * Of each party the one transaction that has every signature but the target's. Fails with `SignatureMissing`.
 */
async function completeOf(
  source: ParticipantReads,
  input: OnboardingInput,
  { mappings, proposals }: ProposedPart,
): Promise<SignedMapping[]> {
  const proposed = new Set(proposals.map(({ mapping }) => mapping.party));
  const lacking = await LackingSignatures.read(source, input);
  const due = mappings.filter(({ party }) => proposed.has(party));
  const complete = await lacking.count({ mappings: due, proposals });
  assertNoneLacking(input.target.name, lacking.found());
  return complete;
}

/** Read as late as it can be: owners may change a threshold at any time. */
async function lackingUnder(
  source: ParticipantReads,
  input: OnboardingInput,
  proposals: SignedMapping[],
) {
  const lacking = await LackingSignatures.read(source, input);
  await lacking.count({ mappings: proposals.map(({ mapping }) => mapping), proposals });
  return lacking.found();
}

/** The proposals of these very mappings as they were signed, of whatever else is proposed for the parties. */
async function ourProposals(
  source: ParticipantReads,
  input: OnboardingInput,
  { mappings, proposals }: ProposedPart,
): Promise<SignedMapping[]> {
  const ours = new Map(mappings.map((mapping) => [mapping.party, proposalKey(mapping)]));
  const isOurs = ({ mapping }: SignedMapping) => ours.get(mapping.party) === proposalKey(mapping);
  const found = proposals.filter(isOurs);
  const known = new Set(found.map(({ mapping }) => mapping.party));
  // One that took effect meanwhile is no proposal any more.
  const unproposed = mappings.map(({ party }) => party).filter((party) => !known.has(party));
  if (unproposed.length === 0) return found;
  const missing = await notHosted(source, { ...input, parties: unproposed }, input.target.uid);
  if (missing.length === 0) return found;
  const others = proposals
    .filter((its) => !isOurs(its))
    .map(({ mapping }) => `${mapping.party} by ${describeHosting(mapping)}, serial ${mapping.serial}`);
  const instead = others.length > 0 ? `; proposed by others is the hosting of ${listed(others)}` : '';
  throw refused(
    'ProposalMissing',
    `${source.name} lists no proposal of this migration for ${listed(missing)}${instead}`,
  );
}

/** The same as {@link activationsOf}, once the ledger has those of all the parties named. */
async function awaitActivations(
  source: ParticipantReads,
  input: OnboardingInput & { parties: string[]; beginExclusive: string },
  named: string[],
): Promise<Map<string, PartyAuthorization>> {
  return until(
    async () => {
      const events = await activationsOf(source, input);
      return named.every((party) => events.has(party)) ? events : undefined;
    },
    {
      what: 'the events of the activation',
      limitMs: VISIBLE_LIMIT_MS,
      type: 'ActivationNotSeen',
      stillMissing: () =>
        `${source.name} shows no event since offset ${input.beginExclusive} for some of ${listed(named)}`,
    },
  );
}

/**
 * The activation of each party on the target since the offset, by the first event that made the target a
 * host. Fails with `ActivatedAgain` for parties that the target was taken off and became a host of again: it
 * never connected in between, so it lacks what was created before the second one, and is sent what archives
 * it. Source: live-route 6. With protocol version 35 `onboarding`, whose flag is cleared by a later `added`,
 * which is none. Source: networks A, item A2.
 */
async function activationsOf(
  { ledger }: ParticipantReads,
  { parties, target, beginExclusive }: OnboardingInput & { parties: string[]; beginExclusive: string },
): Promise<Map<string, PartyAuthorization>> {
  const endInclusive = await ledger.readLedgerEnd();
  const found = new Map<string, PartyAuthorization>();
  /**
   * Of those found, the parties of which the target was taken off, and those that it became a host of once
   * more.
   */
  const ended = new Set<string>();
  const again = new Set<string>();
  if (endInclusive === beginExclusive) return found;
  for await (const event of ledger.scanPartyAuthorizations({ parties, beginExclusive, endInclusive })) {
    if (event.participantUid !== target.uid) continue;
    const isKnown = found.has(event.party);
    if (event.kind === 'revoked' && isKnown) ended.add(event.party);
    if (event.kind === 'revoked' || event.kind === 'changed') continue;
    if (!isKnown) found.set(event.party, event);
    else if (ended.has(event.party)) again.add(event.party);
  }
  if (again.size > 0)
    throw mismatch(
      'ActivatedAgain',
      `while ${target.name} was disconnected, it was taken off as host after its activation and became one again, of parties: ` +
        `${again.size}. Expected one activation each, found more of ${listed([...again].sort())}`,
    );
  return found;
}

function groupsOf(parties: string[], found: Map<string, PartyAuthorization>): ActivationGroup[] {
  const groups = new Map<string, ActivationGroup>();
  for (const party of parties) {
    const event = found.get(party);
    if (!event) continue;
    const { offset, recordTime } = event;
    const group = groups.get(offset) ?? { offset, recordTime, parties: [] };
    group.parties.push(party);
    groups.set(offset, group);
  }
  return [...groups.values()].sort((a, b) => (BigInt(a.offset) < BigInt(b.offset) ? -1 : 1));
}
