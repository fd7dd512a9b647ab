import type { OwnKey, TopologyStore, VaultKey } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { namespaceOf } from '../../model/plan.js';

/** A delegation with one of these may sign the mapping of a party. */
const SIGNS_PARTIES = ['CanSignAllMappings', 'CanSignAllButNamespaceDelegations'];

/** The keys of a node: those it could use, and those it does. */
export interface KeyReading {
  /** Of its vault: a retired key stays in it. */
  keys: VaultKey[];
  /** That its `OwnerToKeyMapping` names, whether the vault has them or not. */
  ownKeys: OwnKey[];
  /** Fingerprints of those in the vault that sign for its namespace: the root key first, if it is there. */
  namespaceKeys: string[];
}

/**
 * Reads which keys a node has and which of them it uses.
 *
 * A vault keeps what is retired, and may lack the root key of its own namespace: Canton's recommended set-up has that
 * key offline, and an intermediate key in the KMS. Source: networks I.
 */
export async function readKeys(
  { vault, signing, topology }: ParticipantReads,
  uid: string,
  stores: TopologyStore[],
): Promise<KeyReading> {
  const namespace = namespaceOf(uid);
  const [keys, ownKeys, ...delegations] = await Promise.all([
    vault.listKeys(),
    signing.listOwnKeys(uid, stores),
    ...stores.map((store) => topology.listDelegations(store, namespace)),
  ]);
  return { keys, ownKeys, namespaceKeys: signersAmong(keys, namespace, delegations.flat()) };
}

/** The stores of a node that say which keys it uses: its own, and those of the synchronizers it is connected to. */
export function storesOf(registered: { logicalId: string; isConnected: boolean }[]): TopologyStore[] {
  const connected = registered.filter(({ isConnected }) => isConnected);
  return ['authorized', ...connected.map(({ logicalId }) => ({ synchronizerId: logicalId }))];
}

/**
 * Fingerprints of the keys that may sign the mapping of a party for `namespace`, by its delegations: its root key first,
 * then those in a KMS; else in the order of their fingerprints.
 */
export function signersAmong(
  keys: VaultKey[],
  namespace: string,
  delegations: { targetKey: string; restriction: string }[],
): string[] {
  const may = new Set(
    delegations
      .filter(({ restriction }) => SIGNS_PARTIES.includes(restriction))
      .map(({ targetKey }) => targetKey),
  );
  const rank = ({ fingerprint, kmsKeyId }: VaultKey) =>
    fingerprint === namespace ? 0 : kmsKeyId === undefined ? 2 : 1;
  return keys
    .filter(({ usages }) => usages.includes('NAMESPACE'))
    .filter(({ fingerprint }) => fingerprint === namespace || may.has(fingerprint))
    .sort((a, b) => rank(a) - rank(b) || (a.fingerprint < b.fingerprint ? -1 : 1))
    .map(({ fingerprint }) => fingerprint);
}

/** The keys in the vault that the node uses; what was retired is not among them. */
export function keysInUse({ keys, ownKeys, namespaceKeys }: KeyReading): VaultKey[] {
  const used = new Set([...ownKeys.map(({ fingerprint }) => fingerprint), ...namespaceKeys]);
  return keys.filter(({ fingerprint }) => used.has(fingerprint));
}

/** The keys that the node is to use by its own list, and that its vault does not hold. */
export function missingKeys({ keys, ownKeys }: KeyReading): OwnKey[] {
  const held = new Set(keys.map(({ fingerprint }) => fingerprint));
  return ownKeys.filter(({ fingerprint }) => !held.has(fingerprint));
}
