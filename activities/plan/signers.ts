import { partyKeysIn } from '../../canton/v30/party-keys.js';
import type {
  DecentralizedNamespace,
  NamespaceDelegation,
  PartyMapping,
  TopologyStore,
  VaultKey,
} from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { namespaceOf, type PlannedParty } from '../../model/plan.js';
import { signersAmong } from './key-use.js';

/** In the vaults of the nodes. */
export interface NodeKeys {
  source: VaultKey[];
  target: VaultKey[];
}

/** So many signatures of these namespaces. */
type Signatures = NonNullable<PlannedParty['signers']>;

/** Who signs for namespaces, as the topology of a synchronizer has it. */
export class NamespaceSigners {
  private readonly decentralized: ReadonlyMap<string, DecentralizedNamespace>;
  private delegations: ReadonlyMap<string, NamespaceDelegation[]> = new Map();
  /** Parties whose own keys are that of their namespace. */
  private readonly selfSigned = new Set<string>();

  private constructor(
    decentralized: DecentralizedNamespace[],
    private readonly keys: NodeKeys,
  ) {
    this.decentralized = new Map(decentralized.map((its) => [its.namespace, its]));
  }

  /**
   * Reads those of these parties, and of the nodes; a party with the key of its namespace needs no
   * delegation.
   */
  static async read(
    { topology }: ParticipantReads,
    store: TopologyStore,
    { mappings, nodes, keys }: { mappings: PartyMapping[]; nodes: string[]; keys: NodeKeys },
  ): Promise<NamespaceSigners> {
    const signers = new NamespaceSigners(await topology.listDecentralizedNamespaces(store), keys);
    const needed = new Set(nodes);
    for (const mapping of mappings) {
      const namespace = namespaceOf(mapping.party);
      const owners = signers.decentralized.get(namespace)?.owners;
      if (keysOf(mapping).includes(namespace)) signers.selfSigned.add(mapping.party);
      else if (!owners) needed.add(namespace);
      owners?.forEach((owner) => needed.add(owner));
    }
    signers.delegations = await topology.listDelegationsOf(store, [...needed]);
    return signers;
  }

  isDecentralized(namespace: string): boolean {
    return this.decentralized.has(namespace);
  }

  /** Whether the keys of a node suffice for the mapping of a party in the namespace. */
  isSignedBy(node: keyof NodeKeys, namespace: string): boolean {
    const shared = this.decentralized.get(namespace);
    if (shared)
      return shared.owners.filter((its) => this.isSignedBy(node, its)).length >= shared.threshold;
    const delegations = this.delegations.get(namespace) ?? [];
    return signersAmong(this.keys[node], namespace, delegations).length > 0;
  }

  /**
   * Whose signatures a change of the hosts of a party that was read needs that the nodes do not give: none;
   * so many of these; or `unknown`, where no key is known for as many.
   */
  missingFor(
    mapping: PartyMapping,
    signing: readonly (keyof NodeKeys)[],
  ): Signatures | 'none' | 'unknown' {
    const namespace = namespaceOf(mapping.party);
    const shared = this.decentralized.get(namespace);
    const isSigned = (its: string) => signing.some((node) => this.isSignedBy(node, its));
    if (isSigned(namespace)) return 'none';
    if (!shared)
      return this.selfSigned.has(mapping.party) || this.hasKey(namespace)
        ? { namespaces: [namespace], needed: 1 }
        : 'unknown';
    // The target adds its signature to one that is there, whoever made it.
    const byNodes = shared.owners.filter((its) => isSigned(its) || this.isSignedBy('target', its));
    if (byNodes.length >= shared.threshold && byNodes.some(isSigned)) return 'none';
    const known = shared.owners.filter((its) => this.hasKey(its)).sort();
    const others = known.filter((its) => !byNodes.includes(its));
    const needed = Math.max(1, shared.threshold - byNodes.length);
    const namespaces = others.length === 0 ? known : others;
    return namespaces.length < needed ? 'unknown' : { namespaces, needed };
  }

  private hasKey(namespace: string): boolean {
    const delegations = this.delegations.get(namespace) ?? [];
    return delegations.some(({ targetKey }) => targetKey === namespace);
  }
}

/** Fingerprints of the keys of its own that a party has by its mapping. */
function keysOf({ signingKeys }: PartyMapping): string[] {
  return signingKeys === undefined ? [] : partyKeysIn(signingKeys).map(({ fingerprint }) => fingerprint);
}
