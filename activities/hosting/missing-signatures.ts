import type { PartyMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { firstOf } from '../../model/count.js';
import { isSameHosting, type Wanted } from '../../model/hosting.js';
import { namespaceOf } from '../../model/plan.js';
import { hostingsToSign, type HostingInput } from './target-hosting.js';

/** Parties that are looked into, of those that are missing. */
const DESCRIBED = 5;

/**
 * Says of the first of these parties why their hosting is not in effect: a proposal that lacks something stays one, and Canton
 * reports no error. Source: networks C; networks D.
 */
export async function describeMissing(
  node: ParticipantReads,
  input: HostingInput,
  missing: readonly Wanted[],
): Promise<string> {
  const described: string[] = [];
  const parties = missing.slice(0, DESCRIBED);
  for (const mapping of await hostingsToSign(node, { ...input, parties })) {
    described.push(`${mapping.party} ${await whatIsMissing(node, input, mapping)}`);
  }
  return firstOf(described, missing.length);
}

async function whatIsMissing(
  { topology, name }: ParticipantReads,
  { synchronizerId, target }: HostingInput,
  mapping: PartyMapping,
): Promise<string> {
  const store = { synchronizerId };
  const namespace = namespaceOf(mapping.party);
  const proposals = await topology.listSignedPartyProposals(store, namespace);
  const ours = proposals.filter((its) => isSameHosting(its.mapping, mapping));
  if (ours.length === 0) return `has no proposal that ${name} lists`;
  // Signatures count only under one transaction, and another order of the hosts makes another one.
  const { signedBy } = ours.reduce((most, its) =>
    its.signedBy.length > most.signedBy.length ? its : most,
  );
  const keysFor = async (its: string) =>
    (await topology.listDelegations(store, its)).map(({ targetKey }) => targetKey);
  const isSigned = async (its: string) => (await keysFor(its)).some((key) => signedBy.includes(key));
  if (!(await isSigned(namespaceOf(target.uid)))) return `lacks the signature of ${name}`;
  const definitions = await topology.listDecentralizedNamespaces(store);
  const shared = definitions.find((its) => its.namespace === namespace);
  if (shared) {
    const unsigned: string[] = [];
    for (const owner of shared.owners) if (!(await isSigned(owner))) unsigned.push(owner);
    const lacking = shared.threshold - (shared.owners.length - unsigned.length);
    return `lacks ${lacking} of the signatures of the owners ${unsigned.join(', ')}`;
  }
  const keys = await keysFor(namespace);
  if (mapping.signingKeys === undefined && keys.length === 0)
    return `lacks the NamespaceDelegation of ${namespace}, which is not on ${synchronizerId}`;
  return `lacks the signature of its namespace ${namespace}`;
}
