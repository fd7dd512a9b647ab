import { decentralizedNamespace } from './crypto.js';
import { externalSigner, thirdOwner } from './keyholders.js';
import type { PartyScenario } from './scenario.js';
import { rootCertificate, signedBy, type Signer } from './signers.js';
import { namespaceOf, type HostingParticipant, type Permission } from './topology/mapping.js';
import type { SignedTransaction } from './topology/transaction.js';

/** Ids of the parties of a scenario, by class. */
export interface SeededParties {
  readonly local: readonly string[];
  readonly multiHosted: readonly string[];
  readonly external: readonly string[];
  readonly decentralized: readonly string[];
  readonly foreign: readonly string[];
  readonly jointlyConfirmed: readonly string[];
  readonly decentralizedShared: readonly string[];
  readonly inOthersNamespace: readonly string[];
}

/** A participant that parties are hosted by; `signer` signs for its namespace. */
export interface Host {
  readonly uid: string;
  readonly signer: Signer;
}

/** What the parties are made with. */
export interface PartySeeding {
  readonly counts: PartyScenario;
  readonly seed: string;
  readonly host: Host;
  readonly other: Host;
  /** Takes the transactions, in the order they are needed. */
  readonly put: (signed: SignedTransaction) => void;
}

const NAMES = ['Alice', 'Bob', 'Carol', 'Dora', 'Erin', 'Frank', 'Grace', 'Heidi'];
const SUBMISSION: Permission = 'PARTICIPANT_PERMISSION_SUBMISSION';
const CONFIRMATION: Permission = 'PARTICIPANT_PERMISSION_CONFIRMATION';

/** Makes the parties of every class of admin-api 5.4 and networks D, and returns their ids. */
export function seedParties(seeding: PartySeeding): SeededParties {
  const { counts, host, other, put } = seeding;
  const signers = [host.signer, other.signer];
  const namespace = namespaceOf(host.uid);
  const names = counts.names ?? NAMES;
  const at = ({ uid }: Host, permission: Permission) => ({ participant_uid: uid, permission });
  const bySource = [at(host, SUBMISSION)];
  const byOther = [at(other, SUBMISSION)];
  const confirming = [at(host, CONFIRMATION), at(other, CONFIRMATION)];
  const hosted = (
    party: string,
    participants: readonly HostingParticipant[],
    {
      by = signers,
      threshold = 1,
    }: { readonly by?: readonly Signer[]; readonly threshold?: number } = {},
  ): string => {
    put(signedBy(by, { code: 'ptp', value: { party, threshold, participants } }));
    return party;
  };
  const each = (
    count: number,
    name: string,
    of: string,
    hosts: readonly HostingParticipant[],
    how = {},
  ) => times(count, (n) => hosted(`${numbered(name, n)}::${of}`, hosts, how));
  const ofThree = counts.decentralized > 0 ? decentralized(seeding, [host, other, owner(seeding)]) : '';
  const ofTwo = counts.decentralizedShared > 0 ? decentralized(seeding, [host, other]) : '';
  const ofOther = namespaceOf(other.uid);
  return {
    local: times(counts.local, (n) =>
      hosted(`${names[n] ?? numbered('party', n)}::${namespace}`, bySource, { by: [host.signer] }),
    ),
    multiHosted: each(counts.multiHosted, 'shared', namespace, [...bySource, at(other, CONFIRMATION)]),
    external: times(counts.external + (counts.externalWithDelegation ?? 0), (n) => external(seeding, n)),
    decentralized: each(counts.decentralized, 'joint', ofThree, bySource),
    foreign: each(counts.foreign, 'counterparty', ofOther, byOther, { by: [other.signer] }),
    jointlyConfirmed: each(counts.jointlyConfirmed, 'confirmed', namespace, confirming, {
      threshold: 2,
    }),
    decentralizedShared: each(counts.decentralizedShared, 'council', ofTwo, confirming),
    inOthersNamespace: each(counts.inOthersNamespace, 'guest', ofOther, [
      ...byOther,
      at(host, CONFIRMATION),
    ]),
  };
}

function times(count: number, make: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function numbered(name: string, n: number): string {
  return `${name}-${String(n + 1).padStart(4, '0')}`;
}

/** Its own key signs for its own namespace; the node confirms for it. The last ones have a root certificate too. */
function external({ counts, seed, host, put }: PartySeeding, n: number): string {
  const signer = externalSigner(seed, counts, n);
  const party = `${numbered('external', n)}::${signer.id}`;
  const participants = [{ participant_uid: host.uid, permission: CONFIRMATION }];
  const party_signing_keys = { keys: [signer.key], threshold: 1 };
  const value = { party, threshold: 1, participants, party_signing_keys };
  if (n >= counts.external) put(rootCertificate(signer));
  put(signedBy([signer, host.signer], { code: 'ptp', value }));
  return party;
}

/** Makes an owner that is nothing but a namespace. */
function owner({ seed, put }: PartySeeding): Host {
  const signer = thirdOwner(seed);
  put(rootCertificate(signer));
  return { uid: `owner::${signer.id}`, signer };
}

/** Defines a namespace that two of the owners sign for, and returns it. */
function decentralized({ put }: PartySeeding, by: readonly Host[]): string {
  const owners = by.map(({ uid }) => namespaceOf(uid)).sort();
  const namespace = decentralizedNamespace(owners);
  const signers = by.map(({ signer }) => signer);
  const value = { decentralized_namespace: namespace, threshold: 2, owners };
  put(signedBy(signers, { code: 'dnd', value }));
  return namespace;
}
