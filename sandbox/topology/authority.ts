import { fingerprint, isValid, type SigningPublicKey } from '../crypto.js';
import {
  namespaceOf,
  permits,
  rank,
  type Mapping,
  type MappingCode,
  type PartyToParticipant,
} from './mapping.js';
import type { StoredTransaction, TopologyStore } from './store.js';
import {
  ADD,
  REMOVE,
  signedHashes,
  signers,
  type SignedTransaction,
  type TopologyTransaction,
} from './transaction.js';

/** Who must sign: of each clause one namespace, and every extra key. */
export interface Requirement {
  readonly clauses: readonly (readonly string[])[];
  /** Fingerprints. */
  readonly extraKeys: readonly string[];
}

/** Lists the namespaces a requirement names, each once, in order. */
export function referenced(requirement: Requirement): string[] {
  return [...new Set(requirement.clauses.flat())];
}

/** A key that may sign for a namespace. */
export interface Signer {
  readonly key: SigningPublicKey;
  /** How many delegations lead to it; 1 for the root. */
  readonly chain: number;
}

type Graph = ReadonlyMap<string, Signer & { readonly may: (code: MappingCode) => boolean }>;

/** Works out who may sign what, by the delegations of one store. Source: admin-api 5.2 and 5.4. */
export class Authority {
  private readonly graphs = new Map<string, { version: number; graph: Graph }>();

  constructor(
    private readonly store: TopologyStore,
    /** Namespace of the synchronizer the store belongs to; absent for an Authorized store. */
    private readonly synchronizerNamespace?: string,
  ) {}

  /** Says the same by the delegations of another store of the same synchronizer. */
  over(store: TopologyStore): Authority {
    return new Authority(store, this.synchronizerNamespace);
  }

  /** Returns the keys that may sign mappings of a type for a namespace, by fingerprint. */
  signersFor(namespace: string, code: MappingCode): Map<string, Signer> {
    const found = new Map<string, Signer>();
    for (const [id, entry] of this.graph(namespace)) if (entry.may(code)) found.set(id, entry);
    for (const owner of this.owners(namespace)?.owners ?? []) {
      for (const [id, entry] of this.signersFor(owner, code)) found.set(id, entry);
    }
    return found;
  }

  /**
   * Says who must sign a transaction, given what is stored for its unique key. Of a list of keys only those sign that
   * were not on it before. Source: golden35/key-rotation.jsonl 4.
   */
  requirement(transaction: TopologyTransaction): Requirement {
    const { mapping, operation, namespace } = transaction;
    const before = this.store.latest(transaction.key);
    const isNew = before === undefined || before.transaction.operation === REMOVE;
    if (mapping.code === 'ptp') {
      const known = before?.transaction.mapping;
      return hostingRequirement(
        mapping.value,
        !isNew && known?.code === 'ptp' ? known.value : undefined,
        operation,
      );
    }
    if (mapping.code === 'dnd' && isNew) {
      return { clauses: mapping.value.owners.map((owner) => [owner]), extraKeys: [] };
    }
    if ((mapping.code === 'otk' || mapping.code === 'ptk') && operation === ADD) {
      const known = isNew ? [] : ownKeys(before.transaction.mapping).map(idOf);
      const added = ownKeys(mapping).map(idOf);
      return { clauses: [[namespace]], extraKeys: added.filter((id) => !known.includes(id)) };
    }
    if (mapping.code === 'nsd' && operation === REMOVE && this.synchronizerNamespace !== undefined) {
      return { clauses: [[namespace, this.synchronizerNamespace]], extraKeys: [] };
    }
    return { clauses: [[namespace]], extraKeys: [] };
  }

  /** Checks every signature whose key is known here; unknown signers count for nothing. */
  verify(signed: SignedTransaction): {
    readonly isGenuine: boolean;
    readonly valid: ReadonlySet<string>;
  } {
    const { transaction } = signed;
    const keys = this.keysFor(transaction);
    const valid = new Set<string>();
    for (const { signature, hash } of signedHashes(signed, transaction.hash)) {
      const key = keys.get(signature.signed_by);
      if (!key) continue;
      if (!hash || !isValid(signature, key, hash)) return { isGenuine: false, valid };
      valid.add(signature.signed_by);
    }
    return { isGenuine: true, valid };
  }

  /** Whether these signers authorise the transaction completely. */
  isAuthorized(transaction: TopologyTransaction, valid: ReadonlySet<string>): boolean {
    const { clauses, extraKeys } = this.requirement(transaction);
    return (
      clauses.every((clause) =>
        clause.some((namespace) => this.covers(namespace, transaction.mapping, valid)),
      ) && extraKeys.every((id) => valid.has(id))
    );
  }

  private covers(namespace: string, mapping: Mapping, valid: ReadonlySet<string>): boolean {
    if (isSelfSigned(namespace, mapping) && valid.has(namespace)) return true;
    const shared = this.owners(namespace);
    if (shared) {
      const count = shared.owners.filter((owner) => this.covers(owner, mapping, valid)).length;
      return count >= (shared.threshold ?? 1);
    }
    for (const [id, entry] of this.graph(namespace))
      if (entry.may(mapping.code) && valid.has(id)) return true;
    return false;
  }

  private owners(namespace: string): { owners: readonly string[]; threshold?: number } | undefined {
    const found = this.store.latest(`dnd/${namespace}`)?.transaction;
    return found?.operation === ADD && found.mapping.code === 'dnd' ? found.mapping.value : undefined;
  }

  private keysFor(transaction: TopologyTransaction): Map<string, SigningPublicKey> {
    const keys = new Map<string, SigningPublicKey>();
    const learn = (key: SigningPublicKey) => keys.set(fingerprint(key.public_key), key);
    for (const namespace of referenced(this.requirement(transaction))) {
      for (const { key } of this.signersFor(namespace, 'ptp').values()) learn(key);
      for (const { key } of this.signersFor(namespace, 'nsd').values()) learn(key);
      for (const { key } of this.signersFor(namespace, transaction.mapping.code).values()) learn(key);
    }
    for (const key of ownKeys(transaction.mapping)) learn(key);
    return keys;
  }

  private graph(namespace: string): Graph {
    const version = this.store.version(namespace);
    const cached = this.graphs.get(namespace);
    if (cached?.version === version) return cached.graph;
    const graph = this.explore(namespace);
    this.graphs.set(namespace, { version, graph });
    return graph;
  }

  private explore(namespace: string): Graph {
    const open = this.store
      .all('nsd')
      .filter((entry) => entry.transaction.namespace === namespace && this.isInForce(entry));
    const graph = new Map<string, Signer & { may: (code: MappingCode) => boolean }>();
    const reach = (entry: StoredTransaction, chain: number) => {
      const { mapping } = entry.transaction;
      if (mapping.code !== 'nsd') return;
      const id = fingerprint(mapping.value.target_key.public_key);
      if (graph.has(id)) return;
      graph.set(id, {
        key: mapping.value.target_key,
        chain,
        may: (code) => permits(mapping.value, code),
      });
      for (const next of open) {
        if (graph.get(id)?.may('nsd') && signers(next).includes(id)) reach(next, chain + 1);
      }
    };
    const root = open.find((entry) => entry.transaction.key === `nsd/${namespace}/${namespace}`);
    if (root) reach(root, 1);
    return graph;
  }

  private isInForce(entry: StoredTransaction): boolean {
    return (
      !entry.isProposal &&
      entry.transaction.operation === ADD &&
      this.store.latest(entry.transaction.key) === entry
    );
  }
}

/** Root certificates, and parties whose own signing key is their namespace, need no earlier delegation. */
function isSelfSigned(namespace: string, mapping: Mapping): boolean {
  return (
    ownKeys(mapping).some((key) => fingerprint(key.public_key) === namespace) &&
    mapping.code !== 'otk' &&
    mapping.code !== 'ptk'
  );
}

function ownKeys(mapping: Mapping): readonly SigningPublicKey[] {
  if (mapping.code === 'nsd') return [mapping.value.target_key];
  if (mapping.code === 'ptp') return mapping.value.party_signing_keys?.keys ?? [];
  if (mapping.code === 'ptk') return mapping.value.signing_keys;
  if (mapping.code === 'otk')
    return mapping.value.public_keys.flatMap((key) => key.signing_public_key ?? []);
  return [];
}

function idOf(key: SigningPublicKey): string {
  return fingerprint(key.public_key);
}

function hostingRequirement(
  wanted: PartyToParticipant,
  known: PartyToParticipant | undefined,
  operation: string,
): Requirement {
  const party = namespaceOf(wanted.party);
  // A removal repeats the mapping: no host leaves by it, and so none of them can sign for it alone.
  if (operation === REMOVE) return { clauses: [[party]], extraKeys: [] };
  const clauses: string[][] = [];
  if (!known || (known.threshold ?? 0) !== (wanted.threshold ?? 0)) clauses.push([party]);
  for (const host of wanted.participants) {
    const own = namespaceOf(host.participant_uid);
    const before = known?.participants.find((one) => one.participant_uid === host.participant_uid);
    if (!before || rank(host.permission) > rank(before.permission)) clauses.push([party], [own]);
    else if (rank(host.permission) < rank(before.permission)) clauses.push([party, own]);
    if (before && host.onboarding && !before.onboarding) clauses.push([party]);
    if (before?.onboarding && !host.onboarding) clauses.push([own]);
  }
  for (const before of known?.participants ?? []) {
    const stays = wanted.participants.some((host) => host.participant_uid === before.participant_uid);
    if (!stays) clauses.push([party, namespaceOf(before.participant_uid)]);
  }
  const ids = (value?: PartyToParticipant) =>
    (value?.party_signing_keys?.keys ?? []).map((key) => fingerprint(key.public_key));
  const extraKeys = ids(wanted).filter((id) => !ids(known).includes(id));
  if (extraKeys.length > 0 || ids(known).some((id) => !ids(wanted).includes(id))) clauses.push([party]);
  if (clauses.length === 0) clauses.push([party]);
  return { clauses, extraKeys };
}
