import { counted, listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { SignedHostings } from '../../model/ceremony.js';
import {
  describeHosting,
  isSameHosting,
  onboardingHosting,
  plannedHosting,
  type PartyHosting,
  type Wanted,
} from '../../model/hosting.js';
import type { NodeRef, PartyMapping } from '../../model/participant.js';
import { namespaceOf } from '../../model/plan.js';
import { allowing } from '../../canton/refusals.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { assertNoneLacking, LackingSignatures } from './lacking-signatures.js';
import { messagesOf, PROPOSALS_AT_ONCE, withRoom } from './messages.js';
import { readManualConnect } from './joining.js';
import { assertNoOtherOnboarding } from './other-onboarding.js';
import { isSameTransaction, proposalKey, proposedByParty, scanProposals } from './proposals.js';
import { assertNotSignedByTarget } from './target-signatures.js';
import { largestSigned, signedOf, signingKeys, type SignedHosting } from './signed-hostings.js';
import { readIsolatedTarget, type OnboardingWindow } from './window.js';

/** Parties that an operator may have to leave out of a new plan. */
const NAMED = 50;
/** A batch takes effect together, and the refusal of one is the refusal of all. Source: networks H. */
const ADDED_AT_ONCE = 100;
/** A proposal is listed after 1.6 s. Source: live-route 2, step 3. */
const VISIBLE_LIMIT_MS = 120_000;

/** Parties that the target becomes a host of, beside the source, on the synchronizer both are on. */
export interface OnboardingInput {
  source: NodeRef;
  target: NodeRef;
  /** Logical id. */
  synchronizerId: string;
}

/**
 * What is proposed, and in which window, if it may take effect at once because its signer signs for the
 * target too.
 */
export interface ProposalInput extends OnboardingInput {
  parties: Wanted[];
  window?: OnboardingWindow;
  /** Signatures of keys that no node holds, as far as they were handed in. */
  signed?: SignedHostings;
}

export function onboardingActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target is proposed as a further host of each party, with the onboarding flag. Nothing
     * takes effect: the target has not signed.
     *
     * The source signs what its keys suffice for, and as one of several owners; signatures of others are
     * those handed in, and a party without any of them is left to whoever signs on a node of their own. With
     * `isEarly` nothing is proposed that the source signs, or a key of the target: it would take effect.
     *
     * Without a window nothing may be there that the target signed: whatever is added to that would make it a
     * host.
     *
     * Safe to repeat: a proposal that is there is kept, a party that the target hosts already is left alone.
     * Fails with `ManualConnectMissing`, `TargetOnboarding`, `TargetSignedAlready`, `TargetExposed`,
     * `ProposalsNotVisible`, `SignatureOutdated` and `SignatureMissing`, and with `PartiesChanged` unless
     * each party is hosted as it was when the plan was made. Source: live-route 2, steps 2 and 3; networks C;
     * networks D.
     */
    async ensureOnboardingProposed(
      input: ProposalInput & { isEarly?: boolean },
    ): Promise<{ proposed: number }> {
      const source = participants.change(input.source);
      await readManualConnect(participants.read(input.target));
      const wanted = await wantedMappings(source, input);
      await assertNoOtherOnboarding(source, input);
      if (!input.window) await assertNotSignedByTarget(source, input, wanted);
      const proposals = await listProposals(source, input);
      const missing = withoutProposal(proposals, wanted);
      const byParty = new Map(input.parties.map((its) => [its.party, its]));
      const isBySource = ({ party }: PartyMapping) => !input.isEarly && !byParty.get(party)?.signers;
      const own = missing.filter(isBySource);
      if (input.window) await assertComplete(source, input, wanted);
      await proposeAll(participants, input, own, own.length);
      const handed = input.signed
        ? signedOf(source, input.signed, wanted)
        : new Map<string, SignedHosting>();
      if (input.isEarly)
        for (const its of input.parties) if (isSignedByTarget(its, input)) handed.delete(its.party);
      const added = await addHandedIn(participants, input, wanted, handed);
      // Of these the source may be one of the owners.
      const shared = wanted.filter(({ party }) => isOfSeveral(byParty.get(party)));
      if (!input.isEarly) {
        const all = [...shared, ...inOtherOrders(proposals, shared)];
        await proposeAll(participants, input, all, own.length + all.length);
      }
      const isAwaited = (its: PartyMapping) => isBySource(its) || handed.has(its.party);
      const awaited = missing.filter(isAwaited);
      await awaitProposals(source, input, awaited);
      return { proposed: own.length + added };
    },
  };
}

/**
 * What the source signs, or was handed in, may hold the signature of the target: nobody else's may be
 * missing. Fails with `SignatureMissing`.
 */
async function assertComplete(
  source: ParticipantReads,
  input: ProposalInput,
  wanted: PartyMapping[],
): Promise<void> {
  const signing = await signingKeys(source, input.signed, wanted);
  const lacking = await LackingSignatures.read(source, { ...input, signing });
  assertNoneLacking(input.target.name, await lacking.scan(wanted));
}

/**
 * Whether the target's own signature is among those that are handed in for a party: with it the hosting is in
 * effect.
 */
export function isSignedByTarget({ signers }: Wanted, { target }: OnboardingInput): boolean {
  return signers?.namespaces.includes(namespaceOf(target.uid)) ?? false;
}

/** Whether owners sign for the namespace of a party, and not the namespace itself. */
function isOfSeveral(wanted: Wanted | undefined): boolean {
  return wanted?.signers !== undefined && !wanted.signers.namespaces.includes(namespaceOf(wanted.party));
}

/** Has the source sign and propose these mappings, one by one: it signs first. */
async function proposeAll(
  participants: Participants,
  input: ProposalInput,
  mappings: PartyMapping[],
  total: number,
): Promise<void> {
  const source = participants.change(input.source);
  const store = { synchronizerId: input.synchronizerId };
  const readWindow = windowReader(participants.read(input.target), input);
  let proposed = 0;
  await forEachOf(mappings, PROPOSALS_AT_ONCE, async (mapping) => {
    await readWindow();
    // One that owns nothing of a namespace of several owners has no key for it.
    const propose = () => source.topology.proposePartyHosting(store, mapping);
    await withRoom(source, store, () => allowing(['exists already', 'no key to sign with'], propose()));
    progress({ proposed: ++proposed, of: total });
  });
}

/**
 * Adds the proposals that others signed, as far as their signatures are not there yet. Returns for how many
 * parties.
 */
async function addHandedIn(
  participants: Participants,
  input: ProposalInput,
  wanted: PartyMapping[],
  handed: ReadonlyMap<string, SignedHosting>,
): Promise<number> {
  if (handed.size === 0) return 0;
  const source = participants.change(input.source);
  const store = { synchronizerId: input.synchronizerId };
  const readWindow = windowReader(participants.read(input.target), input);
  const due = wanted.filter(({ party }) => handed.has(party));
  let added = 0;
  for await (const { mappings, proposals } of scanProposals(source, input, due)) {
    const byParty = proposedByParty(mappings, proposals);
    const lacking = mappings.filter((mapping) => {
      const { party } = mapping;
      const ours = byParty.get(party)?.find((its) => isSameTransaction(its.mapping, mapping));
      return !handed.get(party)!.signatures.every((its) => ours?.signedBy.includes(its.signedBy));
    });
    const signed = lacking.map((mapping) => {
      const { transaction, signatures } = handed.get(mapping.party)!;
      return source.signing.assembleProposal(transaction, signatures);
    });
    for (const batch of messagesOf(signed, ADDED_AT_ONCE)) {
      await readWindow();
      await withRoom(source, store, () => add(source, store, batch));
      progress({ proposed: (added += batch.length), of: due.length });
    }
  }
  return added;
}

async function add(
  { topology }: Participant,
  store: { synchronizerId: string },
  batch: Uint8Array[],
): Promise<void> {
  // What changed meanwhile is found by whoever reads the hosting next.
  await allowing(['exists already', 'changed meanwhile'], topology.addTransactions(batch, store));
}

async function awaitProposals(
  source: ParticipantReads,
  input: ProposalInput,
  missing: PartyMapping[],
): Promise<void> {
  const parties = new Set(missing.map(({ party }) => party));
  const wanted = { ...input, parties: input.parties.filter(({ party }) => parties.has(party)) };
  if (missing.length === 0) return;
  let left = missing;
  await until(
    async () => {
      const mappings = await wantedMappings(source, wanted);
      left = withoutProposal(await listProposals(source, wanted), mappings);
      return left.length === 0 ? true : undefined;
    },
    {
      what: `${counted(missing.length, 'proposal')} to be visible`,
      limitMs: VISIBLE_LIMIT_MS,
      type: 'ProposalsNotVisible',
      heldUpBy: trafficHold(source, input, largestSigned(input.signed)),
      stillMissing: () =>
        `not listed by ${source.name} is the proposal of ${listed(left.map(({ party }) => party))}`,
    },
  );
}

/** Returns what checks that the target is disconnected, where a proposal may be the activation. */
function windowReader(
  target: ParticipantReads,
  { target: node, parties, window }: ProposalInput,
): () => Promise<void> {
  if (!window) return () => Promise.resolve();
  const hosting = { target: node, parties: parties.map(({ party }) => party), window };
  return () => readIsolatedTarget(target, hosting);
}

function listProposals(
  { topology }: ParticipantReads,
  { source: { uid: participantUid }, synchronizerId }: OnboardingInput,
): Promise<PartyMapping[]> {
  return topology.listPartyMappings({ synchronizerId }, { participantUid }, { isProposal: true });
}

/**
 * What owners proposed on nodes of their own with the same content as these, and the hosts in another order.
 */
function inOtherOrders(proposals: PartyMapping[], wanted: PartyMapping[]): PartyMapping[] {
  const ours = new Map(wanted.map((its) => [its.party, its]));
  return proposals.filter((its) => {
    const mapping = ours.get(its.party);
    if (!mapping || proposalKey(mapping) !== proposalKey(its)) return false;
    return !isSameTransaction(mapping, its);
  });
}

/** Those of these mappings that nobody has proposed, whoever signed it. */
function withoutProposal(proposals: PartyMapping[], wanted: PartyMapping[]): PartyMapping[] {
  const proposed = new Set(proposals.map(proposalKey));
  return wanted.filter((mapping) => !proposed.has(proposalKey(mapping)));
}

/**
 * The mappings of the parties with the target as a flagged host, but for those that it hosts; each with its
 * next serial.
 *
 * Fails with `PartiesChanged` unless each party is hosted as planned, with the target or without: a proposal
 * holds the whole mapping, so what others changed would be made to last by it, or undone.
 */
export async function wantedMappings(
  { topology }: ParticipantReads,
  input: OnboardingInput & { parties: Wanted[] },
): Promise<PartyMapping[]> {
  const store = { synchronizerId: input.synchronizerId };
  const current = await topology.listPartyMappings(store, { participantUid: input.source.uid });
  const byParty = new Map(current.map((mapping) => [mapping.party, mapping]));
  const wanted: PartyMapping[] = [];
  const changed = new Map<string, string>();
  for (const its of input.parties) {
    const mapping = byParty.get(its.party);
    if (!mapping || !isAsPlanned(mapping, its, input))
      changed.set(
        its.party,
        `${its.party}, hosted by ${mapping ? describeHosting(mapping) : `others than ${input.source.name}`}, ` +
          `expected ${describeHosting(plannedHosting(its, input.source.uid))}`,
      );
    else if (!isHostedBy(mapping, input.target.uid))
      wanted.push({ ...onboarded(its, input), serial: mapping.serial + 1 });
  }
  if (changed.size === 0) return wanted;
  const names = listed([...changed.keys()], NAMED);
  throw mismatch(
    'PartiesChanged',
    `the hosting is not as planned, of parties: ${changed.size} (${names}). Found ${listed([...changed.values()])}; ` +
      `${input.target.name} may be a host beside these, with the permission of ${input.source.name}`,
  );
}

/** Before the activation or after it; the target clears the flag by itself once it is connected. */
function isAsPlanned(current: PartyHosting, wanted: Wanted, input: OnboardingInput): boolean {
  const { source, target } = input;
  if (!isHostedBy(current, target.uid))
    return isSameHosting(current, plannedHosting(wanted, source.uid));
  const hosts = current.hosts.map((host) =>
    host.participantUid === target.uid ? { ...host, isOnboarding: true } : host,
  );
  return isSameHosting({ ...current, hosts }, onboarded(wanted, input));
}

function onboarded(wanted: Wanted, { source, target }: OnboardingInput): PartyHosting {
  return onboardingHosting(wanted, { sourceUid: source.uid, targetUid: target.uid });
}

function isHostedBy({ hosts }: PartyHosting, uid: string): boolean {
  return hosts.some(({ participantUid }) => participantUid === uid);
}
