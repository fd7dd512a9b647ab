import { listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import {
  describeHosting,
  hostingKey,
  isSameHosting,
  onboardingHosting,
  plannedHosting,
  type PartyHosting,
  type Wanted,
} from '../../model/hosting.js';
import type {
  DetachedSignature,
  NodeRef,
  PartyMapping,
  UnsignedTransaction,
} from '../../model/participant.js';
import { allowing, isRefusal } from '../../canton/refusals.js';
import type { SignedHostings } from '../../model/ceremony.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { readManualConnect } from './joining.js';
import { readIsolatedTarget, type OnboardingWindow } from './window.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
const PROPOSALS_AT_ONCE = 50;
/** A proposal is listed after 1.6 s. Source: live-route 2, step 3. */
const VISIBLE_LIMIT_MS = 120_000;

/** Parties that the target becomes a host of, beside the source, on the synchronizer both are on. */
export interface OnboardingInput {
  source: NodeRef;
  target: NodeRef;
  /** Logical id. */
  synchronizerId: string;
}

export function onboardingActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source has proposed the target as a further host of each party, with the onboarding flag. Nothing
     * takes effect: the target has not signed.
     *
     * Safe to repeat: a proposal that is there is kept, a party that the target hosts already is left alone. Fails with
     * `ManualConnectMissing`, `TargetExposed` and `ProposalsNotVisible`, and with `PartiesChanged` unless each party is
     * hosted as it was when the plan was made. Source: live-route 2, steps 2 and 3.
     */
    async ensureOnboardingProposed(input: ProposalInput): Promise<{ proposed: number }> {
      const source = participants.change(input.source);
      await readManualConnect(participants.read(input.target));
      const missing = await withoutProposal(source, input);
      let proposed = 0;
      await forEachOf(missing, PROPOSALS_AT_ONCE, async (mapping) => {
        await readWindow(participants.read(input.target), input);
        const store = { synchronizerId: input.synchronizerId };
        await allowing(['exists already'], source.topology.proposePartyHosting(store, mapping));
        progress({ proposed: ++proposed, of: missing.length });
      });
      await awaitProposals(source, input, missing);
      return { proposed: missing.length };
    },

    /** Returns the same proposals as transactions that nobody has signed, to be signed by an offline root key. */
    async generateOnboarding(
      input: OnboardingInput & { parties: Wanted[] },
    ): Promise<{ transactions: (UnsignedTransaction & { party: string })[] }> {
      const source = participants.read(input.source);
      const store = { synchronizerId: input.synchronizerId };
      const transactions: (UnsignedTransaction & { party: string })[] = [];
      for (const mapping of await wantedMappings(source, input)) {
        const [transaction] = await source.signing.generatePartyMappings(store, [mapping]);
        transactions.push({ party: mapping.party, ...transaction! });
        progress({ generated: transactions.length, of: input.parties.length });
      }
      return { transactions };
    },

    /**
     * The same as {@link ensureOnboardingProposed}, by signatures that were made elsewhere. Fails with
     * `SignatureOutdated` if the hosting of a party was changed since.
     */
    async submitSignedOnboarding(
      input: ProposalInput & { signed: SignedOnboarding[] },
    ): Promise<{ proposed: number }> {
      const source = participants.change(input.source);
      const store = { synchronizerId: input.synchronizerId };
      await readManualConnect(participants.read(input.target));
      const missing = await withoutProposal(source, input);
      for (const signed of input.signed) {
        if (!missing.some(({ party }) => party === signed.party)) continue;
        await readWindow(participants.read(input.target), input);
        await addSigned(source, store, signed);
      }
      await awaitProposals(source, input, missing);
      return { proposed: missing.length };
    },
  };
}

/** What is proposed, and in which window, if it may take effect at once because its signer signs for the target too. */
export interface ProposalInput extends OnboardingInput {
  parties: Wanted[];
  window?: OnboardingWindow;
  /** Those that keys outside of the nodes sign. */
  signed?: SignedHostings;
}

/** A proposal for one party with the signature of its root key. */
export interface SignedOnboarding {
  party: string;
  transaction: UnsignedTransaction;
  signature: DetachedSignature;
}

async function addSigned(
  { signing, topology }: Participant,
  store: { synchronizerId: string },
  { party, transaction, signature }: SignedOnboarding,
): Promise<void> {
  const proposal = signing.assembleProposal(transaction, [signature]);
  await topology.addTransactions([proposal], store).catch((error: unknown) => {
    if (!isRefusal(error, 'changed meanwhile')) throw error;
    throw refused('SignatureOutdated', `the hosting of ${party} was changed since it was signed`);
  });
}

async function awaitProposals(
  source: ParticipantReads,
  input: OnboardingInput & { parties: Wanted[] },
  missing: PartyMapping[],
): Promise<void> {
  await until(async () => ((await withoutProposal(source, input)).length === 0 ? true : undefined), {
    what: `${missing.length} proposals to be visible`,
    limitMs: VISIBLE_LIMIT_MS,
    type: 'ProposalsNotVisible',
    heldUpBy: trafficHold(source, input),
    stillMissing: () =>
      `of ${listed(missing.map(({ party }) => party))}, some proposals are not listed by ${source.name}`,
  });
}

/** Where a proposal may be the activation, the target must be disconnected. */
async function readWindow(
  target: ParticipantReads,
  { target: node, parties, window }: ProposalInput,
): Promise<void> {
  if (!window) return;
  await readIsolatedTarget(target, { target: node, parties: parties.map(({ party }) => party), window });
}

/** The mappings that are still to be proposed. */
async function withoutProposal(
  source: ParticipantReads,
  input: OnboardingInput & { parties: Wanted[] },
): Promise<PartyMapping[]> {
  const store = { synchronizerId: input.synchronizerId };
  const filter = { participantUid: input.source.uid };
  const wanted = await wantedMappings(source, input);
  const proposals = await source.topology.listPartyMappings(store, filter, { isProposal: true });
  const proposed = new Set(proposals.map(proposalKey));
  return wanted.filter((mapping) => !proposed.has(proposalKey(mapping)));
}

/** What a proposal is known by: its content, and the serial it is for. */
export function proposalKey({ serial, ...hosting }: PartyMapping): string {
  return `${serial} ${hostingKey(hosting)}`;
}

/**
 * The mappings of the parties with the target as a flagged host, but for those that it hosts; each with its next serial.
 *
 * Fails with `PartiesChanged` unless each party is hosted as planned, with the target or without: a proposal holds the
 * whole mapping, so what others changed would be made to last by it, or undone.
 */
export async function wantedMappings(
  { topology, name }: ParticipantReads,
  input: OnboardingInput & { parties: Wanted[] },
): Promise<PartyMapping[]> {
  const store = { synchronizerId: input.synchronizerId };
  const current = await topology.listPartyMappings(store, { participantUid: input.source.uid });
  const byParty = new Map(current.map((mapping) => [mapping.party, mapping]));
  const wanted: PartyMapping[] = [];
  const changed: string[] = [];
  for (const its of input.parties) {
    const mapping = byParty.get(its.party);
    if (!mapping || !isAsPlanned(mapping, its, input))
      changed.push(
        `${its.party}, hosted by ${mapping ? describeHosting(mapping) : `others than ${name}`}`,
      );
    else if (!isHostedBy(mapping, input.target.uid))
      wanted.push({ ...onboarded(its, input), serial: mapping.serial + 1 });
  }
  if (changed.length === 0) return wanted;
  throw mismatch(
    'PartiesChanged',
    `the hosting is not as planned, of parties: ${changed.length}. Found ${listed(changed)}; expected ${input.source.name} ` +
      `alone, or with ${input.target.name} beside it, with the permission of the plan and threshold 1`,
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
