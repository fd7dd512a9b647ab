import { partyKeysIn } from '../../canton/v30/party-keys.js';
import { multiTransactionHash } from '../../canton/transaction-hash.js';
import {
  algorithmOf,
  countHostings,
  OFFLINE_SPECS,
  signatureKey,
  type HostingRequest,
  type HostingTransaction,
  type Hostings,
  type SignedHostings,
} from '../../model/ceremony.js';
import { listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { PartyHosting } from '../../model/hosting.js';
import type { NodeRef, PublicSigningKey } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import { namespaceOf, type PlannedParty } from '../../model/plan.js';
import type { RouteName } from '../../model/request.js';
import { mostSignedTogether, SIGNATURE_BYTES } from '../../model/traffic.js';
import type { ListStore } from '../../storage/list-store.js';
import { batchesOf } from '../attempt/waiting.js';
import type { Participants } from '../nodes/participants.js';
import { wantedMappings } from './onboarding.js';
import { generateHostings as generateOnTarget, generateMappings } from './target-hosting.js';

/** Each signature over n transactions repeats n hashes in every one of them: n * n * 36 bytes. Source: networks H. */
const SIGNED_TOGETHER = 100;
const HASH_BYTES = 36;
/** All proposals of a namespace are held at once: so many bytes of them repeat hashes at most. */
const REPEATED_BYTES = 32 * 1024 * 1024;

/** The parties of a plan, and where they are to be hosted. */
export interface HostingRequestsInput {
  route: RouteName;
  source: NodeRef;
  target: NodeRef;
  /** The target synchronizer, logical id. */
  synchronizerId: string;
  /** Where the keys of namespaces are read, logical id. */
  sourceSynchronizerId: string;
  /** Uid of a parked participant whose place the target takes. */
  replacedUid?: string;
  /** All of the plan. */
  parties: PlannedParty[];
  /** What was to be signed before, when the hosting of some parties was changed since. */
  earlier?: SignedHostings;
}

export function hostingRequestActivities(participants: Participants, lists: ListStore) {
  return {
    /**
     * Returns what keys outside of the nodes have to sign so that the target can host the parties: a request for each
     * key, of up to a hundred transactions. What was to be signed before and still holds stands, with its signatures.
     *
     * Changes nothing. Fails with `SigningKeyUnknown` if nobody could sign for a party, and with `PartiesChanged`.
     */
    async generateHostings(input: HostingRequestsInput): Promise<Hostings> {
      const source = participants.read(input.source);
      const target = participants.read(input.target);
      const signing = input.parties.filter((its) => its.treatment === 'move' && isSigned(its, input));
      const transactions = await transactionsToSign({ source, target }, input, signing);
      const { standing, isCovered } = renewed(input.earlier, transactions);
      const asked = await Asked.of(source, input, signing);
      const sender = input.route === 'live' ? source : target;
      const most = await mostTogether(sender, input, transactions, asked);
      const requests = [...standing, ...requestsFor(transactions, asked, { most, isCovered })];
      const known = new Set(requests.map((its) => signatureKey(askedOf(its))));
      const earlier = input.earlier?.signatures ?? [];
      const signatures = earlier.filter((its) => known.has(signatureKey(its)));
      return {
        requests: await lists.keep(requests),
        signatures: await lists.keep(signatures),
        counts: countHostings(requests, signatures),
      };
    },
  };
}

/**
 * Whether somebody beside the nodes has to sign for it. Where a party is new on a synchronizer, each key that it signs
 * with signs its mapping too, whoever signs for its namespace. Source: networks C.
 */
function isSigned({ signers, hosting }: PlannedParty, { route }: HostingRequestsInput): boolean {
  return signers !== undefined || (route !== 'live' && hosting?.signingKeys !== undefined);
}

async function transactionsToSign(
  nodes: { source: ParticipantReads; target: ParticipantReads },
  input: HostingRequestsInput,
  signing: PlannedParty[],
): Promise<HostingTransaction[]> {
  const { source, target, synchronizerId, replacedUid } = input;
  const parties = PARTY_VIEWS.wanted(signing);
  if (parties.length === 0) return [];
  if (input.route === 'live') {
    const mappings = await wantedMappings(nodes.source, { source, target, synchronizerId, parties });
    return generateMappings(nodes.source, { synchronizerId }, mappings);
  }
  const replaced = replacedUid !== undefined && { replacedUid };
  return generateOnTarget(nodes.target, { target, synchronizerId, ...replaced, parties });
}

/** What its signature is known by. */
function askedOf({ hash, key }: HostingRequest) {
  return { hash, signedBy: key.fingerprint };
}

/** Keeps the requests of before that nothing was changed of, and as far as they are still right those that are signed. */
function renewed(
  earlier: SignedHostings | undefined,
  transactions: HostingTransaction[],
): { standing: HostingRequest[]; isCovered: (key: string, hash: string) => boolean } {
  const current = new Set(transactions.map(({ hash }) => hash));
  const signed = new Set(earlier?.signatures.map(signatureKey));
  const covered = new Set<string>();
  const standing = (earlier?.requests ?? []).flatMap((request) => {
    const checked = request.transactions.map((its): HostingTransaction =>
      current.has(its.hash) ? its : { ...its, isOutdated: true },
    );
    const right = checked.filter((its) => !its.isOutdated);
    const isWhole = right.length === checked.length;
    if (right.length === 0 || !(isWhole || signed.has(signatureKey(askedOf(request))))) return [];
    for (const { hash } of right) covered.add(`${request.key.fingerprint} ${hash}`);
    return [{ ...request, transactions: checked }];
  });
  return { standing, isCovered: (key, hash) => covered.has(`${key} ${hash}`) };
}

function requestsFor(
  transactions: HostingTransaction[],
  asked: Asked,
  { most, isCovered }: { most: number; isCovered: (key: string, hash: string) => boolean },
): HostingRequest[] {
  const groups = new Map<string, Signer & { transactions: HostingTransaction[] }>();
  for (const transaction of transactions) {
    for (const signer of asked.signersOf(transaction.party)) {
      if (isCovered(signer.key.fingerprint, transaction.hash)) continue;
      const id = `${signer.key.fingerprint} ${signer.isRequired}`;
      const group = groups.get(id) ?? { ...signer, transactions: [] };
      group.transactions.push(transaction);
      groups.set(id, group);
    }
  }
  asked.requireKeys();
  return [...groups.values()].flatMap(({ namespace, key, isRequired, transactions: all }) =>
    batchesOf(all, Math.min(most, togetherOf(all.length))).map((items) => {
      const [only, ...others] = items;
      const hash = others.length === 0 ? only!.hash : multiTransactionHash(items.map((its) => its.hash));
      const algorithm = algorithmOf(key.spec);
      return { hash, namespace, key, algorithm, isRequired, transactions: items };
    }),
  );
}

/** How many transactions a key may sign together, so that the events of them pass. Source: networks F. */
async function mostTogether(
  { traffic }: ParticipantReads,
  { synchronizerId }: HostingRequestsInput,
  transactions: HostingTransaction[],
  asked: Asked,
): Promise<number> {
  const control = transactions.length > 0 ? await traffic.findControl(synchronizerId) : undefined;
  if (!control) return SIGNED_TOGETHER;
  const members = (await traffic.countMembers(synchronizerId)) + 2;
  const signed = transactions.map(({ party, transaction }) => {
    const keys = asked.signersOf(party).length;
    return { keys, bytes: Buffer.byteLength(transaction, 'base64') + (keys + 1) * SIGNATURE_BYTES };
  });
  return mostSignedTogether({ control, members }, signed);
}

/** How many transactions a key signs together, of so many: fewer of more, as all of them are held at once. */
function togetherOf(count: number): number {
  const most = Math.floor(REPEATED_BYTES / (count * HASH_BYTES));
  return Math.max(1, Math.min(SIGNED_TOGETHER, most));
}

/** A key that is asked to sign for a party. */
interface Signer {
  namespace: string;
  key: PublicSigningKey;
  isRequired: boolean;
}

/** Whose signatures the parties need, and with which keys these sign. */
class Asked {
  private readonly withoutKey = new Set<string>();

  private constructor(
    private readonly parties: ReadonlyMap<string, PlannedParty>,
    private readonly rootKeys: ReadonlyMap<string, PublicSigningKey>,
    private readonly input: HostingRequestsInput,
  ) {}

  /** Reads the root keys of those namespaces whose key is not in the mapping of a party. */
  static async of(
    source: ParticipantReads,
    input: HostingRequestsInput,
    signing: PlannedParty[],
  ): Promise<Asked> {
    const unknown = new Set<string>();
    for (const { signers, hosting } of signing) {
      const own = new Set(keysOf(hosting).map(({ fingerprint }) => fingerprint));
      for (const namespace of signers?.namespaces ?? []) if (!own.has(namespace)) unknown.add(namespace);
    }
    const store = { synchronizerId: input.sourceSynchronizerId };
    const rootKeys = await source.signing.findRootKeys([...unknown], store);
    return new Asked(new Map(signing.map((its) => [its.party, its])), rootKeys, input);
  }

  signersOf(party: string): Signer[] {
    const { signers, hosting, formerMapping } = this.parties.get(party)!;
    const keys = keysOf(formerMapping?.signingKeys === undefined ? hosting : formerMapping);
    const found = (signers?.namespaces ?? []).flatMap((namespace): Signer[] => {
      const isRequired = this.isRequired(party, namespace);
      const key = keys.find(({ fingerprint }) => fingerprint === namespace);
      const its = key ?? this.rootKeys.get(namespace);
      if (its && OFFLINE_SPECS.includes(its.spec)) return [{ namespace, key: its, isRequired }];
      if (isRequired) this.withoutKey.add(`${party} (key ${namespace}, ${its?.spec ?? 'unknown'})`);
      return [];
    });
    if (this.input.route === 'live') return found;
    const known = new Set([
      ...keysOf(formerMapping).map(({ fingerprint }) => fingerprint),
      ...found.map(({ key }) => key.fingerprint),
    ]);
    const added = keys.filter(({ fingerprint }) => !known.has(fingerprint));
    const namespace = namespaceOf(party);
    return [...found, ...added.map((key) => ({ namespace, key, isRequired: true }))];
  }

  /** A participant in whose namespace the party is, and each owner of several, may sign on a node of their own. */
  private isRequired(party: string, namespace: string): boolean {
    return namespace === namespaceOf(party) && this.parties.get(party)?.class !== 'foreign-namespace';
  }

  requireKeys(): void {
    if (this.withoutKey.size === 0) return;
    throw refused(
      'SigningKeyUnknown',
      `parties whose key is not known, or signs in a way that is not understood: ${listed([...this.withoutKey])}; ` +
        `expected a key of ${listed(OFFLINE_SPECS)}, in the mapping of the party or in a root delegation on ${this.input.sourceSynchronizerId}`,
    );
  }
}

/** The keys of its own that a party has by its mapping. */
function keysOf({ signingKeys }: Partial<PartyHosting> = {}): PublicSigningKey[] {
  return signingKeys === undefined ? [] : partyKeysIn(signingKeys);
}
