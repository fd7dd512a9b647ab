import { signatureKey, type SignedHostings } from '../../model/ceremony.js';
import { counted, listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { AwaitedSignatures } from '../../model/live.js';
import type { Listed } from '../../model/listed.js';
import type { FormerHosting } from '../../model/plan-parties.js';
import type { HostingParticipant, PartyMapping } from '../../model/participant.js';
import type { ListStore } from '../../storage/list-store.js';
import { allowing, isRefusal, isRefused } from '../../canton/refusals.js';
import { partyMappingIn } from '../../canton/v30/topology-messages.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { assertMayBeHosted, type MappedInput } from './unchanged-signers.js';
import { AwaitedReport } from './awaited.js';
import { currentFencing } from '../attempt/fencing.js';
import { awaitTopologyIdle } from './topology-idle.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { listHosted } from './hosted.js';
import { messagesOf, PROPOSALS_AT_ONCE, withRoom } from './messages.js';
import { progress } from '../attempt/progress.js';
import { describeMissing } from './missing-signatures.js';
import { assertNoneLacking, LackingSignatures } from './lacking-signatures.js';
import { largestSigned, signedOf, type SignedHosting } from './signed-hostings.js';
import {
  generateMappings,
  hostIn,
  hostingsToSign,
  notHostedAsWanted,
  type HostingInput,
} from './target-hosting.js';

/**
 * What takes effect together; of a signature over more each transaction would repeat all hashes. Source:
 * networks H.
 */
const SIGNED_AT_ONCE = 100;

/**
 * One proposal takes 1 to 7 s to become effective, and 5,000 at once 46 s. Source: admin-api 5.4; networks H.
 */
const EFFECTIVE_LIMIT_MS = 120_000;
const EFFECTIVE_MS_EACH = 20;

/** Between two looks at what others have signed: longer while nothing changes, since it may take weeks. */
const OTHERS_PAUSE_MS = 2_000;
const MAX_OTHERS_PAUSE_MS = 2 * 60_000;

export function recreatePartiesActivities(participants: Participants, lists: ListStore) {
  return {
    /**
     * Ensures that the target hosts each party on the synchronizer with the permission given, beside the
     * hosts the party has there, and with the keys that the party has.
     *
     * `signed` holds what outside keys signed; what only the nodes sign is proposed by the target, and
     * proposals overlap. Done only when every mapping is read back as effective: one that lacks something
     * stays a proposal, which no answer says. Safe to repeat: a party that is hosted so already is left
     * alone. `awaited`: nothing is missing but these signatures, which owners of its namespace may still give
     * on nodes of their own. Fails with `PartiesNotEffective`, with `SignatureOutdated` if a mapping was
     * changed since it was signed, with `SignatureMissing` if what was handed in does not suffice there, with
     * `SigningKeysDiffer` and with `PartiesHostedElsewhere`; `isServing`: these two only of parties that are
     * not hosted so yet, and `differing` says what is found of the others. Source: networks C; networks D.
     */
    async ensurePartiesHosted(
      input: MappedInput & { parties: Wanted[]; signed?: SignedHostings; isServing?: boolean },
    ): Promise<{ hosted: number; awaited?: AwaitedSignatures; differing?: string[] }> {
      const target = participants.change(input.target);
      await awaitTopologyIdle(target, input.synchronizerId);
      const missing = await hostingsToSign(target, input);
      const nodes = { source: participants.read(input.source), reader: target };
      const differing = await assertMayBeHosted(nodes, input, missing);
      await proposeAll(target, input, missing);
      const left = await awaitEffective(target, input, missing);
      const result = { hosted: missing.length, ...(differing.length > 0 && { differing }) };
      return left === 0 ? result : { ...result, awaited: await awaitedFor(target, input) };
    },

    /**
     * Returns once the target hosts each party. Waits without limit for those whose namespace others sign
     * for, and says meanwhile whose signature is missing: the newest in its heartbeat, and the migration now
     * and then, where that is not what is `known`. Safe to repeat.
     */
    async awaitPartiesHosted(
      input: HostingInput & { parties: Wanted[]; known?: AwaitedSignatures },
    ): Promise<void> {
      await awaitOthers(participants.read(input.target), input);
    },

    /**
     * Ensures that each party is mapped on the synchronizer as it was before the migration, or not at all.
     *
     * The undo of {@link ensurePartiesHosted}. The target has to be connected. It does not leave a party of
     * which it has contracts, which others created there: such a party is in `kept`, and stays hosted, or
     * nobody could end them. Keys that a mapping got are left to it, and counted in `withSigningKeys`: only
     * who signs for the party can take them out. Nor can anybody else remove a mapping: the target leaves
     * such a party, and one that it was the only host of is in `withoutHosts`. Fails with
     * `PartiesNotWithdrawn`. Source: admin-api 5.4.
     */
    async withdrawParties(input: HostingInput & { parties: FormerHosting[] }): Promise<{
      withdrawn: number;
      kept: Listed<string>;
      withSigningKeys: number;
      withoutHosts: number;
    }> {
      const target = participants.change(input.target);
      await awaitTopologyIdle(target, input.synchronizerId);
      const toWithdraw = await notAsBefore(target, input);
      const kept = new Set<string>();
      await forEachOf(toWithdraw, PROPOSALS_AT_ONCE, async (leaving) => {
        if (!(await withdraw(target, input, leaving))) kept.add(leaving.mapping.party);
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
      return {
        withdrawn: toWithdraw.length - kept.size,
        kept: await lists.keep([...kept].sort()),
        ...(await countLeft(target, input)),
      };
    },
  };
}

/**
 * How many parties have signing keys in a mapping that had none before, and how many a mapping without a host
 * that had none, or one with hosts.
 */
async function countLeft(
  { topology }: ParticipantReads,
  {
    synchronizerId,
    parties,
  }: Pick<HostingInput, 'synchronizerId'> & {
    parties: FormerHosting[];
  },
): Promise<{ withSigningKeys: number; withoutHosts: number }> {
  const keyless = namesOf(parties.filter((its) => its.formerMapping && !its.formerMapping.signingKeys));
  // One with hosts had the participant whose place the target took, and nobody here can make that one a host
  // again.
  const hadHosts = ({ formerMapping }: FormerHosting) => formerMapping?.hosts.length !== 0;
  const unknown = namesOf(parties.filter((its) => its.isSignedByOthers && hadHosts(its)));
  if (keyless.size + unknown.size === 0) return { withSigningKeys: 0, withoutHosts: 0 };
  const mappings = await topology.listPartyMappings({ synchronizerId }, {});
  return {
    withSigningKeys: mappings.filter((its) => its.signingKeys && keyless.has(its.party)).length,
    withoutHosts: mappings.filter((its) => its.hosts.length === 0 && unknown.has(its.party)).length,
  };
}

function namesOf(parties: FormerHosting[]): Set<string> {
  return new Set(parties.map(({ party }) => party));
}

interface Leaving {
  mapping: PartyMapping;
  /** The target as the host that it was, and the participant that it took the place of. */
  former: HostingParticipant[];
  isSignedByOthers: boolean;
}

/** The parties that the target hosts differently than before the migration, and how it did then. */
export async function notAsBefore(
  target: ParticipantReads,
  input: HostingInput & { parties: FormerHosting[] },
): Promise<Leaving[]> {
  const { uid } = input.target;
  const before = new Map(input.parties.map((its) => [its.party, its]));
  const { synchronizerId } = input;
  const hosted = await listHosted(target, { synchronizerId, parties: [...before.keys()] }, uid);
  return hosted
    .map((mapping) => {
      const { formerMapping, isSignedByOthers = false } = before.get(mapping.party)!;
      // To become a host again takes a signature for the party.
      const restored = isSignedByOthers ? [uid] : [uid, input.replacedUid];
      const former = (formerMapping?.hosts ?? []).filter((its) => restored.includes(its.participantUid));
      return { mapping, former, isSignedByOthers };
    })
    .filter(
      ({ mapping, former }) =>
        hostIn(mapping, input)?.permission !==
        former.find((its) => its.participantUid === uid)?.permission,
    );
}

/**
 * Repeats end well: a mapping that is there, or on its way from an earlier attempt, is read back by the
 * caller. What outside keys signed goes first, so that nothing is begun with signatures that are void.
 */
async function proposeAll(
  target: Participant,
  input: HostingInput & { parties: Wanted[]; signed?: SignedHostings },
  missing: PartyMapping[],
): Promise<void> {
  const store = { synchronizerId: input.synchronizerId };
  const requests = input.signed?.requests ?? [];
  const asked = new Set(requests.flatMap((its) => its.transactions.map(({ party }) => party)));
  const toSign = missing.filter(({ party }) => asked.has(party));
  const handed = signedOf(
    target,
    input.signed ?? { requests: [], signatures: [] },
    await withSerials(target, store, toSign),
  );
  const ofOthers = awaitingOthers(input.parties, input.signed);
  let proposed = 0;
  for (const isComplete of [true, false]) {
    const some = [...handed.values()].filter(
      ({ transaction: { party } }) => ofOthers.has(party) !== isComplete,
    );
    const signed = some.map(({ transaction, signatures }) =>
      target.signing.assembleProposal(transaction, signatures),
    );
    for (const batch of messagesOf(signed, SIGNED_AT_ONCE)) {
      await addSigned(target, store, batch, { mustFullyAuthorize: isComplete }).catch(
        async (error: unknown) => {
          if (isComplete && isRefused(error)) await assertSigned(target, input, toSign, handed);
          throw error;
        },
      );
      progress({ proposed: (proposed += batch.length), of: missing.length });
    }
  }
  const others = new Set(input.parties.filter((its) => its.signers).map(({ party }) => party));
  const unsigned = missing.filter(({ party }) => !handed.has(party));
  await forEachOf(unsigned, PROPOSALS_AT_ONCE, async (mapping) => {
    const propose = () =>
      others.has(mapping.party)
        ? target.topology.proposePartyHosting(store, mapping)
        : target.topology.proposePartyMapping(store, mapping);
    await withRoom(target, store, () => allowing(['exists already'], propose()));
    progress({ proposed: ++proposed, of: missing.length });
  });
}

/**
 * With the serials that the node would choose. What was in effect once and was removed since is skipped as
 * known when it is added again, and no error says that.
 */
async function withSerials(
  node: ParticipantReads,
  store: { synchronizerId: string },
  mappings: PartyMapping[],
): Promise<PartyMapping[]> {
  const chosen = mappings.filter(({ serial }) => serial > 0);
  const unknown = mappings.filter(({ serial }) => serial === 0);
  const generated = await generateMappings(node, store, unknown);
  return chosen.concat(generated.map((its) => partyMappingIn(Buffer.from(its.transaction, 'base64'))!));
}

/**
 * The target signs what others signed, and adds it. The store of the synchronizer knows whom it signs for.
 */
async function addSigned(
  target: Participant,
  store: { synchronizerId: string },
  batch: Uint8Array[],
  how: { mustFullyAuthorize: boolean },
): Promise<void> {
  const complete = await target.signing.addSignatures(batch, store);
  await withRoom(target, store, () => target.topology.addTransactions(complete, store, how)).catch(
    (error: unknown) => {
      if (!isRefusal(error, 'changed meanwhile')) throw error;
      throw refused(
        'SignatureOutdated',
        `the mapping of a party was changed since its hosting by ${target.name} was signed, of these ${batch.length}: ${error.message}`,
      );
    },
  );
}

/**
 * Fails with `SignatureMissing` if what was handed in does not suffice on the target synchronizer, and names
 * what lacks.
 */
async function assertSigned(
  target: ParticipantReads,
  input: HostingInput,
  mappings: PartyMapping[],
  handed: ReadonlyMap<string, SignedHosting>,
): Promise<void> {
  const own = (await target.vault.listKeys()).map(({ fingerprint }) => fingerprint);
  const signing = (party: string) => [
    ...own,
    ...(handed.get(party)?.signatures ?? []).map(({ signedBy }) => signedBy),
  ];
  const lacking = await LackingSignatures.read(target, { ...input, signing });
  const due = mappings.filter(({ party }) => handed.has(party));
  assertNoneLacking(target.name, await lacking.scan(due));
}

/**
 * Waits until every party is hosted but for those that others have to sign for, of which the proposals have to be listed;
 * returns how many of those are left.
 */
async function awaitEffective(
  target: Participant,
  input: HostingInput & { parties: Wanted[]; signed?: SignedHostings },
  proposed: PartyMapping[],
): Promise<number> {
  const changed = new Set(proposed.map(({ party }) => party));
  const parties = input.parties.filter(({ party }) => changed.has(party));
  const ofOthers = awaitingOthers(parties, input.signed);
  let missing = parties;
  return until(
    async () => {
      missing = await notHostedAsWanted(target, { ...input, parties });
      const others = missing.filter(({ party }) => ofOthers.has(party));
      if (others.length < missing.length) return undefined;
      return (await areProposed(target, input, others)) ? others.length : undefined;
    },
    {
      what: () => `${counted(missing.length, 'party', 'parties')} to become effective`,
      everyMs: Math.max(200, parties.length / 20),
      limitMs: EFFECTIVE_LIMIT_MS + parties.length * EFFECTIVE_MS_EACH,
      type: 'PartiesNotEffective',
      heldUpBy: trafficHold(target, input, largestSigned(input.signed)),
      stillMissing: async () =>
        `${counted(missing.length, 'party is', 'parties are')} not hosted by ${target.name}: ` +
        (await describeMissing(target, input, missing)),
    },
  );
}

/**
 * The parties that need more signatures of others than were handed in: they may come from nodes of these
 * others.
 */
function awaitingOthers(parties: Wanted[], signed?: SignedHostings): Set<string> {
  const given = new Set(signed?.signatures.map(signatureKey));
  const keys = new Map<string, Set<string>>();
  for (const { hash, key, transactions } of signed?.requests ?? []) {
    if (!given.has(signatureKey({ hash, signedBy: key.fingerprint }))) continue;
    for (const { party } of transactions)
      keys.set(party, (keys.get(party) ?? new Set()).add(key.fingerprint));
  }
  return new Set(
    parties
      .filter(({ party, signers }) => signers && (keys.get(party)?.size ?? 0) < signers.needed)
      .map(({ party }) => party),
  );
}

async function awaitOthers(
  target: ParticipantReads,
  input: HostingInput & { parties: Wanted[]; known?: AwaitedSignatures },
): Promise<void> {
  const fencing = currentFencing();
  const report = new AwaitedReport(input.known, (found) => fencing.reportAwaited(found));
  let lacking = waitingFor(input.parties, 'not looked at yet');
  let pauseMs = OTHERS_PAUSE_MS;
  const everyMs = () => pauseMs;
  const wait = { everyMs, limitMs: Infinity, type: 'PartiesNotEffective' } as const;
  await until(
    async () => {
      const missing = await notHostedAsWanted(target, input);
      if (missing.length === 0) return true;
      await report.update(await awaitedFor(target, { ...input, parties: missing }));
      const found = waitingFor(missing, await describeMissing(target, input, missing));
      pauseMs = found === lacking ? Math.min(pauseMs * 2, MAX_OTHERS_PAUSE_MS) : OTHERS_PAUSE_MS;
      lacking = found;
      return undefined;
    },
    { ...wait, what: () => lacking, stillMissing: () => lacking },
  );
}

/**
 * Whose signatures the hosting of these parties lacks, as owners and thresholds are on the target
 * synchronizer now.
 */
async function awaitedFor(
  target: ParticipantReads,
  input: HostingInput & { parties: Wanted[] },
): Promise<AwaitedSignatures> {
  const lacking = await LackingSignatures.read(target, input);
  return lacking.scan(await hostingsToSign(target, input));
}

async function areProposed(
  { topology }: ParticipantReads,
  { synchronizerId, target: { uid: participantUid } }: HostingInput,
  parties: Wanted[],
): Promise<boolean> {
  if (parties.length === 0) return true;
  const filter = { participantUid };
  const proposals = await topology.listPartyMappings({ synchronizerId }, filter, { isProposal: true });
  const found = new Set(proposals.map(({ party }) => party));
  return parties.every(({ party }) => found.has(party));
}

function waitingFor(missing: Wanted[], lacking: string): string {
  return `${counted(missing.length, 'party', 'parties')} to be hosted: ${lacking}`;
}

/**
 * Other hosts are left as they are now: they may have changed since the plan was made. False if the target
 * has contracts of the party and does not leave it.
 */
async function withdraw(
  target: Participant,
  input: HostingInput,
  { mapping, former, isSignedByOthers }: Leaving,
): Promise<boolean> {
  const store = { synchronizerId: input.synchronizerId };
  const restored = [input.target.uid, ...former.map(({ participantUid }) => participantUid)];
  const others = mapping.hosts.filter(({ participantUid }) => !restored.includes(participantUid));
  const hosts = [...others, ...former];
  const next = { ...mapping, serial: mapping.serial + 1 };
  try {
    await (hosts.length === 0 && !isSignedByOthers
      ? target.topology.removePartyMapping(store, next)
      : target.topology.proposePartyMapping(store, { ...next, hosts }));
  } catch (error) {
    if (isRefusal(error, 'party has active contracts')) return false;
    if (!isRefusal(error, 'exists already', 'does not exist')) throw error;
  }
  return true;
}
