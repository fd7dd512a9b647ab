import { decentralizedNamespace } from './crypto.js';
import { externalSigner, thirdOwner } from './keyholders.js';
import type { PartyScenario } from './scenario.js';
import { rootCertificate, signedBy, type Signer, type VirtualParticipant } from './signers.js';
import { namespaceOf, type HostingParticipant, type Permission } from './topology/mapping.js';
import type { SignedTransaction } from './topology/transaction.js';

/** Ids of the parties of a scenario, by class. */
export interface SeededParties {
  readonly local: readonly string[];
  readonly multiHosted: readonly string[];
  readonly external: readonly string[];
  readonly decentralized: readonly string[];
  readonly foreign: readonly string[];
}

/** What the parties are made with. */
export interface PartySeeding {
  readonly counts: PartyScenario;
  readonly seed: string;
  /** `signer` signs for the namespace of the host. */
  readonly host: { readonly uid: string; readonly signer: Signer };
  readonly other: VirtualParticipant;
  /** Puts a transaction on the synchronizer, in effect at once. */
  readonly put: (signed: SignedTransaction) => void;
}

const NAMES = ['Alice', 'Bob', 'Carol', 'Dora', 'Erin', 'Frank', 'Grace', 'Heidi'];
const SUBMISSION: Permission = 'PARTICIPANT_PERMISSION_SUBMISSION';
const CONFIRMATION: Permission = 'PARTICIPANT_PERMISSION_CONFIRMATION';

/** Makes the parties of every class of admin-api 5.4 and returns their ids. */
export function seedParties(seeding: PartySeeding): SeededParties {
  const { counts, host, other, put } = seeding;
  const times = (count: number, make: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n));
  const hosted = (
    party: string,
    participants: readonly HostingParticipant[],
    signers: readonly Signer[],
  ): string => {
    put(signedBy(signers, { code: 'ptp', value: { party, threshold: 1, participants } }));
    return party;
  };
  const atHost = { participant_uid: host.uid, permission: SUBMISSION };
  const atOther = { participant_uid: other.uid, permission: CONFIRMATION };
  const own = host.signer;
  const namespace = namespaceOf(host.uid);
  const names = counts.names ?? NAMES;
  return {
    local: times(counts.local, (n) =>
      hosted(`${names[n] ?? numbered('party', n)}::${namespace}`, [atHost], [own]),
    ),
    multiHosted: times(counts.multiHosted, (n) =>
      hosted(`${numbered('shared', n)}::${namespace}`, [atHost, atOther], [own, other.namespace]),
    ),
    external: times(counts.external + (counts.externalWithDelegation ?? 0), (n) => external(seeding, n)),
    decentralized: counts.decentralized === 0 ? [] : decentralized(seeding),
    foreign: times(counts.foreign, (n) =>
      hosted(
        `${numbered('counterparty', n)}::${other.namespace.id}`,
        [{ ...atOther, permission: SUBMISSION }],
        [other.namespace],
      ),
    ),
  };
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

function decentralized({ counts, seed, host, other, put }: PartySeeding): string[] {
  const third = thirdOwner(seed);
  put(rootCertificate(third));
  const owners = [host.signer, other.namespace, third];
  const ids = [namespaceOf(host.uid), other.namespace.id, third.id].sort();
  const namespace = decentralizedNamespace(ids);
  put(
    signedBy(owners, {
      code: 'dnd',
      value: { decentralized_namespace: namespace, threshold: 2, owners: ids },
    }),
  );
  return Array.from({ length: counts.decentralized }, (_, n) => {
    const party = `${numbered('joint', n)}::${namespace}`;
    const participants = [{ participant_uid: host.uid, permission: SUBMISSION }];
    put(
      signedBy([host.signer, other.namespace], {
        code: 'ptp',
        value: { party, threshold: 1, participants },
      }),
    );
    return party;
  });
}
