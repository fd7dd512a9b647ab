import { status as grpcStatus } from '@grpc/grpc-js';
import { fingerprint, type SigningSpec } from './crypto.js';
import { PlainFailure } from './errors.js';
import type { Clock, Journal } from './node.js';
import { offlineRoot } from './signers.js';
import { Authority } from './topology/authority.js';
import type { NodeTopology } from './topology/node-topology.js';
import { TopologyStore } from './topology/store.js';
import { ADD, parseSigned, type SignedTransaction } from './topology/transaction.js';
import { admit } from './topology/validation.js';
import { createMemberKeys, createNamespaceKey, memberKeys, type Vault } from './vault.js';
import type { Decoded } from './wire.js';

/**
 * Where the identity of a new node comes from. By itself it makes a root namespace key and names itself after it; with
 * `offline-root` that key was never on it, and an intermediate key signs for its namespace; with `manual` it has no
 * identity until `InitId` gives it one. Source: networks I.
 */
export type IdentityOrigin = 'offline-root' | 'manual';

interface NewNode {
  readonly name: string;
  readonly seed: string;
  readonly identity?: IdentityOrigin;
  readonly rootKeySpec?: SigningSpec;
}

/** Makes the keys of a new node and returns its uid; nothing where that is left to `InitId`. */
export function createIdentity(node: NewNode, vault: Vault, journal: Journal): string | undefined {
  if (node.identity === 'manual') return undefined;
  const own = `${node.seed}/${node.name}`;
  const { name, rootKeySpec } = node;
  const isOffline = node.identity === 'offline-root';
  const key = isOffline
    ? createNamespaceKey(vault, `${name}-intermediate`, `${own}/intermediate`)
    : createNamespaceKey(vault, `${name}-namespace`, `${own}/namespace`, rootKeySpec);
  createMemberKeys(vault, name, own);
  const namespace = isOffline
    ? offlineRoot(node.seed, name, rootKeySpec).id
    : fingerprint(key.public_key);
  const uid = `${name}::${namespace}`;
  journal.append('identity', uid);
  return uid;
}

/** Returns the uid of a node that was started before; nothing if it has none yet. */
export function identityOf(journal: Journal): string | undefined {
  return [...journal.replay('identity')].at(-1);
}

type InitId = Decoded<'com.digitalasset.canton.topology.admin.v30.InitIdRequest'>;

/** The identity that a request gives to a node, and the certificates that let one of its keys sign for it. */
export interface GivenIdentity {
  readonly uid: string;
  readonly delegations: readonly SignedTransaction[];
}

/**
 * Reads the identity that a request gives: every certificate has to be of its namespace, valid after the ones before
 * it, and one of the keys has to be the node's. Source: networks I.
 */
export function givenIdentity(
  request: InitId,
  { vault, clock, uid }: { vault: Vault; clock: Clock; uid: string | undefined },
): GivenIdentity {
  // The text is not recorded.
  if (uid !== undefined) throw refusal(`The node is already initialized as ${uid}`);
  const { identifier = '', namespace = '' } = request;
  const delegations = request.namespace_delegations.map(parseSigned);
  const other = delegations.find((one) => one.transaction.namespace !== namespace);
  if (other)
    throw refusal(
      `The namespace ${namespace} does not match the certificate of ${other.transaction.namespace}`,
    );
  const keys = [...delegations.flatMap(targetOf), namespace];
  if (!keys.some((key) => vault.holds(key)))
    throw refusal(
      `No signing key found locally for the provided namespace. The certificates are for: ${keys.join(', ')}`,
    );
  const store = new TopologyStore();
  const against = { store, authority: new Authority(store) };
  for (const one of delegations) {
    const now = clock.nowMicros();
    store.add(admit(against, one, new Set()), now, now);
  }
  return { uid: `${identifier}::${namespace}`, delegations };
}

/** Gives a node that has its identity the rest of what one makes by itself: certificates, keys and the list of them. */
export function completeNode(
  { uid, delegations }: GivenIdentity,
  node: { readonly vault: Vault; readonly topology: NodeTopology; readonly seed: string },
): void {
  const { manager } = node.topology;
  const [identifier = '', namespace = ''] = uid.split('::');
  const propose = { operation: ADD, serial: 0, signedBy: [], forces: new Set<string>() };
  if (delegations.length > 0) manager.add(delegations, new Set());
  else {
    const target_key = node.vault.signingKey(namespace);
    const value = { namespace, target_key, can_sign_all_mappings: {} };
    const mapping = { code: 'nsd', value } as const;
    manager.propose({ ...propose, mapping, signedBy: [namespace], mustFullyAuthorize: true });
  }
  createMemberKeys(node.vault, identifier, `${node.seed}/${uid}`);
  const value = { member: `PAR::${uid}`, public_keys: memberKeys(node.vault) };
  manager.propose({ ...propose, mapping: { code: 'otk', value }, mustFullyAuthorize: true });
}

function targetOf({ transaction: { mapping } }: SignedTransaction): string[] {
  return mapping.code === 'nsd' ? [fingerprint(mapping.value.target_key.public_key)] : [];
}

function refusal(text: string): PlainFailure {
  return new PlainFailure(text, grpcStatus.FAILED_PRECONDITION);
}
