import { OFFLINE_SPECS } from '../../model/ceremony.js';
import { counted, listed } from '../../model/count.js';
import {
  delegationsOf,
  isLive,
  namespaceOf,
  type Finding,
  type PartyClass,
  type WithParties,
  type PlannedLiveRoute,
  type PlannedNamespace,
  type PlannedNode,
  type PlannedParty,
  type PlannedSignatures,
} from '../../model/plan.js';
import type {
  NamespaceDelegation,
  PartyMapping,
  PublicSigningKey,
  VaultKey,
} from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import { when } from './finding.js';
import { signersAmong } from './key-use.js';
import { compareNamespaces } from '../namespace/known-namespaces.js';

const RESTRICTION = 'CanSignAllButNamespaceDelegations';

/**
 * Works out, for every namespace of parties that move and that the nodes sign for, whether and by whose
 * signature it is delegated to the target.
 *
 * The holder of a root key is asked first, then the source; where no participant holds it, it is signed
 * offline. Nothing is delegated unless `delegates`. Source: admin-api 5.2.
 */
export async function planNamespaces(
  parties: PlannedParty[],
  nodes: { source: PlannedNode; target: PlannedNode },
  participants: {
    source: ParticipantReads;
    target: ParticipantReads;
    holder: ParticipantReads;
    delegates: boolean;
    /** In the vault of the source. */
    sourceKeys: VaultKey[];
    /** That sign for the namespace of the target. */
    namespaceKeys: string[];
  },
): Promise<{ namespaces: PlannedNamespace[]; obstacles: Finding[] }> {
  const names = new Set(parties.filter(isDelegable).map(({ party }) => namespaceOf(party)));
  if (names.size === 0) names.add(nodes.source.namespace);
  const namespaces: PlannedNamespace[] = [];
  const obstacles: Finding[] = [];
  for (const namespace of [...names].sort()) {
    const { holder, source, target, delegates } = participants;
    const isTargets = namespace === nodes.target.namespace;
    const found = await findRoot(namespace, isTargets ? [target] : [holder, source]);
    if (!found) {
      obstacles.push(rootDelegationMissing(namespace, (isTargets ? target : holder).name));
      continue;
    }
    const { issuer, rootKey, held } = found;
    const isRootKeyInKms = held?.fingerprint === namespace && held.kmsKeyId !== undefined;
    const others = signersAmong(participants.sourceKeys, namespace, found.delegations);
    const sourceKeys = others.filter((key) => key !== namespace);
    const planned = {
      ...{ namespace, rootKey, isRootKeyInKms },
      ...(sourceKeys.length > 0 && { sourceKeys }),
    };
    if (isTargets || !delegates) {
      namespaces.push(planned);
      continue;
    }
    const { targetKey, existing } = chooseTargetKey(found.delegations, participants, nodes);
    if (existing && existing.restriction !== RESTRICTION)
      obstacles.push(delegationConflict(targetKey, existing.restriction));
    const node = { name: issuer.name, uid: await issuer.health.readUid() };
    const signer = existing ? 'nobody' : held ? 'issuer' : 'offline';
    if (signer === 'offline') obstacles.push(...unsupported(rootKey));
    const signedBy = held && held.fingerprint !== namespace ? { signedBy: held.fingerprint } : {};
    namespaces.push({ ...planned, delegation: { targetKey, issuer: node, signer, ...signedBy } });
  }
  return { namespaces, obstacles };
}

/**
 * Nobody delegates the namespace of an external party, of several owners or of another participant to the
 * target.
 */
export function isDelegable({ treatment, class: its }: PlannedParty): boolean {
  return treatment === 'move' && (its === 'local' || its === 'multi-hosted');
}

interface FoundRoot {
  issuer: ParticipantReads;
  rootKey: PublicSigningKey;
  /** In the authorized store of the issuer. */
  delegations: NamespaceDelegation[];
  /**
   * The key in its vault that may sign delegations: the root key, or one that may sign whatever the root key
   * may.
   */
  held?: VaultKey;
}

/**
 * Who of these knows the root of a namespace: whoever may sign for it, else the first that has its root
 * delegation.
 */
async function findRoot(
  namespace: string,
  candidates: ParticipantReads[],
): Promise<FoundRoot | undefined> {
  let known: FoundRoot | undefined;
  for (const issuer of candidates) {
    const rootKey = await issuer.signing.findRootKey(namespace);
    if (!rootKey) continue;
    const delegations = await issuer.topology.listDelegations('authorized', namespace);
    const keys = (await issuer.vault.listKeys()).filter(({ usages }) => usages.includes('NAMESPACE'));
    const mayDelegate = ({ fingerprint }: VaultKey) =>
      delegations.some(
        ({ targetKey, restriction }) =>
          targetKey === fingerprint && restriction === 'CanSignAllMappings',
      );
    const held = keys.find((key) => key.fingerprint === namespace) ?? keys.find(mayDelegate);
    if (held) return { issuer, rootKey, delegations, held };
    known ??= { issuer, rootKey, delegations };
  }
  return known;
}

/**
 * The key of the target that a namespace is delegated to: one that signs for the target's own namespace, too.
 * One that has the delegation already comes first, and one that holds another delegation last.
 */
function chooseTargetKey(
  delegations: NamespaceDelegation[],
  { namespaceKeys }: { namespaceKeys: string[] },
  { target }: { target: PlannedNode },
): { targetKey: string; existing?: NamespaceDelegation } {
  const choices = (namespaceKeys.length > 0 ? namespaceKeys : [target.namespace]).map((targetKey) => {
    const existing = delegations.find((its) => its.targetKey === targetKey);
    return { targetKey, ...(existing && { existing }) };
  });
  return (
    choices.find(({ existing }) => existing?.restriction === RESTRICTION) ??
    choices.find(({ existing }) => !existing) ??
    choices[0]!
  );
}

/** Every signature that is made for the namespaces of the parties, in the order they are needed. */
export function plannedSignatures(plan: WithParties): PlannedSignatures[] {
  const delegations = delegationsOf(plan).filter(({ signer }) => signer !== 'nobody');
  return [
    ...delegations.map(({ namespace, targetKey, issuer, signer, signedBy = namespace }) => ({
      what: `the delegation of ${namespace} to ${targetKey}`,
      count: 1,
      key: signedBy,
      holder: signer === 'offline' ? 'offline' : issuer.name,
    })),
    ...(isLive(plan) ? liveSignatures(plan, plan.live) : partySignatures(plan)),
  ];
}

function partySignatures(plan: WithParties): PlannedSignatures[] {
  const { target } = plan;
  const isHosted = (formerMapping: PartyMapping | undefined) =>
    formerMapping?.hosts.some(({ participantUid }) => participantUid === target.uid);
  const moved = plan.parties.filter(
    ({ treatment, formerMapping }) => treatment === 'move' && !isHosted(formerMapping),
  );
  if (moved.length === 0) return [];
  return [
    ...outsideSignatures(plan, moved),
    {
      what: `the parties on ${target.synchronizer.alias}`,
      count: moved.length,
      key: target.namespaceKey,
      holder: target.name,
    },
  ];
}

/** Each party is proposed by its namespace, accepted by the target, and in the end taken off the source. */
function liveSignatures(
  plan: WithParties,
  { sourceSigns, targetSigns, isProposalEffective }: PlannedLiveRoute,
): PlannedSignatures[] {
  const { source, target } = plan;
  const moved = plan.parties.filter(({ treatment }) => treatment === 'move');
  if (moved.length === 0) return [];
  const by = (holder: string, key: string) => (what: string, count: number) =>
    count === 0 ? [] : [{ what, count, key, holder }];
  const ofTarget = by(target.name, target.namespaceKey);
  const ofSource = by(source.name, source.namespace);
  const removed = moved.filter(({ party }) => targetSigns.includes(namespaceOf(party))).length;
  const proposals = sourceSigns.flatMap((namespace) =>
    by(source.name, namespace)(
      `the proposals of ${target.name} as host of the parties`,
      moved.filter(({ party, signers }) => !signers && namespaceOf(party) === namespace).length,
    ),
  );
  // Who signs for the parties signs for the target then.
  const proposed = isProposalEffective ? moved.filter(({ signers }) => signers) : moved;
  const removal = `the removal of ${source.name} as host`;
  return [
    ...proposals,
    ...outsideSignatures(plan, moved),
    ...ofTarget(`the consent of ${target.name} to host the parties`, proposed.length),
    ...ofTarget(removal, removed),
    ...ofSource(removal, moved.length - removed),
  ];
}

/** More keys than this of one kind of parties are told together. */
const KEYS_NAMED = 5;

/**
 * Parties whose hosting is signed outside of the nodes, by who signs; the multi-hosted ones are in a
 * namespace of the nodes.
 */
const SIGNED_OUTSIDE: { of: string; classes: PartyClass[] }[] = [
  { of: 'the parties in this namespace', classes: ['local', 'multi-hosted'] },
  { of: 'parties in the namespaces of other participants', classes: ['foreign-namespace'] },
  { of: 'parties of decentralized namespaces', classes: ['decentralized'] },
  { of: 'external parties', classes: ['external'] },
];

/** What keys sign that no node holds: the more keys there are, the less each of them is of interest. */
function outsideSignatures({ target }: WithParties, moved: PlannedParty[]): PlannedSignatures[] {
  return SIGNED_OUTSIDE.flatMap(({ of, classes }) =>
    signedOutside(
      `the hosting by ${target.name} of ${of}`,
      moved.filter((its) => classes.includes(its.class)),
    ),
  );
}

function signedOutside(what: string, moved: PlannedParty[]): PlannedSignatures[] {
  const counts = new Map<string, { count: number; of: number }>();
  for (const { signers } of moved) {
    if (!signers) continue;
    const { namespaces, needed } = signers;
    const of = namespaces.length === needed ? 0 : needed;
    for (const namespace of namespaces) {
      const known = counts.get(namespace) ?? { count: 0, of: 0 };
      counts.set(namespace, { count: known.count + 1, of: Math.max(known.of, of) });
    }
  }
  const told = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  if (told.length <= KEYS_NAMED)
    return told.map(([key, { count, of }]) => ({
      what: of > 0 ? `${what}; ${of} of the owners` : what,
      count,
      key,
      holder: 'offline',
    }));
  const count = told.reduce((sum, [, its]) => sum + its.count, 0);
  return [{ what, count, key: `${counted(told.length, 'key')}`, holder: 'offline' }];
}

function rootDelegationMissing(namespace: string, issuer: string): Finding {
  return {
    type: 'RootDelegationMissing',
    what: `${issuer} has no root delegation of ${namespace} in its authorized store`,
    cure: 'load the root delegation into the authorized store of that participant, or name the one that has it as rootKeyHolder',
  };
}

function delegationConflict(targetKey: string, restriction: string): Finding {
  return {
    type: 'DelegationConflict',
    what: `${targetKey} holds ${restriction}, expected ${RESTRICTION}`,
    cure: 'give the target another namespace key: a delegation cannot be removed and created again',
  };
}

/**
 * Namespaces that the target synchronizer defines otherwise: what their owners sign counts there by what it
 * knows.
 */
export async function differingNamespaces(
  { parties, namespaces }: { parties: PlannedParty[]; namespaces: PlannedNamespace[] },
  { source, target }: { source: PlannedNode; target: PlannedNode },
  readers: { source: ParticipantReads; reader: ParticipantReads },
): Promise<Finding[]> {
  const [here, there] = [source.synchronizer.logicalId, target.synchronizer.logicalId];
  if (here === there) return [];
  const { differing } = await compareNamespaces(readers, {
    ...{ source, target, sourceSynchronizerId: here, synchronizerId: there },
    parties: PARTY_VIEWS.wanted(parties),
    delegated: namespaces.flatMap(({ namespace, delegation }) => (delegation ? [namespace] : [])),
  });
  return when(differing.length > 0, {
    type: 'NamespaceDiffers',
    what: `${there} defines namespaces of the parties otherwise than ${here}: ${listed(differing)}`,
    cure: 'have the owner of the namespace make both definitions equal, or leave its parties out of the request',
  });
}

/** A root key of which offline signatures are not understood. */
export function unsupported({ fingerprint, spec }: PublicSigningKey): Finding[] {
  return when(!OFFLINE_SPECS.includes(spec), {
    type: 'RootKeyUnsupported',
    what: `the root key ${fingerprint} is of spec ${spec}, expected one of ${listed(OFFLINE_SPECS)} to sign offline`,
    cure: 'import the root key into the source until the delegation is made',
  });
}
