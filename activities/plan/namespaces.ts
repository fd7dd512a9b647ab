import { OFFLINE_SPECS } from '../../model/ceremony.js';
import { listed } from '../../model/count.js';
import {
  delegationsOf,
  isLive,
  namespaceOf,
  type Finding,
  type WithParties,
  type PlannedLiveRoute,
  type PlannedNamespace,
  type PlannedNode,
  type PlannedParty,
  type PlannedSignatures,
} from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import type {
  NamespaceDelegation,
  PartyMapping,
  PublicSigningKey,
  VaultKey,
} from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { when } from './finding.js';
import { signersAmong } from './key-use.js';

const RESTRICTION = 'CanSignAllButNamespaceDelegations';

/**
 * Works out, for every namespace of parties that move, whether and by whose signature it is delegated to the target.
 *
 * The holder of a root key is asked first, then the source; where no participant holds it, it is signed offline.
 * Nothing is delegated unless `delegates`. Source: admin-api 5.2.
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
  const moved = parties.filter(({ treatment }) => treatment === 'move');
  const names = new Set(moved.map(({ party }) => namespaceOf(party)));
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

interface FoundRoot {
  issuer: ParticipantReads;
  rootKey: PublicSigningKey;
  /** In the authorized store of the issuer. */
  delegations: NamespaceDelegation[];
  /** The key in its vault that may sign delegations: the root key, or one that may sign whatever the root key may. */
  held?: VaultKey;
}

/** Who of these knows the root of a namespace: whoever may sign for it, else the first that has its root delegation. */
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
 * The key of the target that a namespace is delegated to: one that signs for the target's own namespace, too. One that
 * has the delegation already comes first, and one that holds another delegation last.
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
  ).length;
  if (moved === 0) return [];
  return [
    {
      what: `the parties on ${target.synchronizer.alias}`,
      count: moved,
      key: target.namespaceKey,
      holder: target.name,
    },
  ];
}

/** Each party is proposed by its namespace, accepted by the target, and in the end taken off the source. */
function liveSignatures(
  plan: WithParties,
  { proposalSigner, removalSigner, isProposalEffective }: PlannedLiveRoute,
): PlannedSignatures[] {
  const { source, target } = plan;
  const moved = PARTY_VIEWS.moved(plan.parties);
  if (moved.length === 0) return [];
  const count = moved.length;
  const ofTarget = { count, key: target.namespaceKey, holder: target.name };
  const ofSource = { count, key: source.namespace, holder: source.name };
  const proposals = [...new Set(moved.map(namespaceOf))].sort().map((namespace) => ({
    what: `the proposals of ${target.name} as host of the parties`,
    count: moved.filter((party) => namespaceOf(party) === namespace).length,
    key: namespace,
    holder: proposalSigner === 'offline' ? 'offline' : source.name,
  }));
  return [
    ...proposals,
    // Who signs for the parties signs for the target then.
    ...(isProposalEffective ? [] : [{ what: 'the acceptance of these proposals', ...ofTarget }]),
    {
      what: `the removal of ${source.name} as host`,
      ...(removalSigner === 'target' ? ofTarget : ofSource),
    },
  ];
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

/** A root key of which offline signatures are not understood. */
export function unsupported({ fingerprint, spec }: PublicSigningKey): Finding[] {
  return when(!OFFLINE_SPECS.includes(spec), {
    type: 'RootKeyUnsupported',
    what: `the root key ${fingerprint} is of spec ${spec}, expected one of ${listed(OFFLINE_SPECS)} to sign offline`,
    cure: 'import the root key into the source until the delegation is made',
  });
}
