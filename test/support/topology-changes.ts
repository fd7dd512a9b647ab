import { fingerprint, makeKeyPair, type KeyUsage, type SigningSpec } from '../../sandbox/crypto.js';
import type { ParticipantView, Sandbox } from '../../sandbox/index.js';
import { externalSigner, thirdOwner } from '../../sandbox/keyholders.js';
import { registerWith } from '../../sandbox/participant.js';
import {
  rootCertificate,
  seededSigner,
  signedBy,
  virtualParticipant,
  type Signer,
} from '../../sandbox/signers.js';
import type { HostingParticipant, Mapping } from '../../sandbox/topology/mapping.js';
import { ADD } from '../../sandbox/topology/transaction.js';
import { memberKeys } from '../../sandbox/vault.js';

/** What others do to the topology of the nodes, beside every API that the migration uses. */
export interface Hosted {
  party: string;
  hosts: readonly { uid: string; permission: 'SUBMISSION' | 'CONFIRMATION' | 'OBSERVATION' }[];
}

/** The part of a uid or party id after the name. */
export function namespaceOf(uid: string): string {
  return uid.slice(uid.lastIndexOf('::') + 2);
}

/** Lets a party of the source's namespace be known on the target synchronizer before the migration. */
export function hostOnTargetSynchronizer(sandbox: Sandbox, { party, hosts }: Hosted): void {
  const { source, target } = sandbox.participants;
  const owner = namespaceSigner(source);
  const signers = [owner, namespaceSigner(target), otherHost(sandbox).namespace];
  const participants = hosts.map(({ uid, permission }) => ({
    participant_uid: uid,
    permission: `PARTICIPANT_PERMISSION_${permission}` as const,
  }));
  const at = () => BigInt(Date.now()) * 1000n;
  const synchronizer = sandbox.synchronizers.target;
  if (!synchronizer.store.latest(`nsd/${owner.id}/${owner.id}`))
    synchronizer.seed(rootCertificate(owner), at());
  const used = signers.filter(
    ({ id }) => id === owner.id || hosts.some(({ uid }) => namespaceOf(uid) === id),
  );
  const value = { party, threshold: 1, participants };
  synchronizer.seed(signedBy(used, { code: 'ptp', value }), at());
}

/** A participant that is a member of the target synchronizer, if the scenario's `targetMembers` name it. */
export function otherHost({ scenario }: Sandbox) {
  return virtualParticipant('third', `${scenario.seed}/earlier`);
}

/** Hosts another party on the source, on its synchronizer. */
export async function allocateOnSource({ participants: { source } }: Sandbox, name: string) {
  const { port } = source.participant.node;
  return port.allocateParty(name, port.registered()[0]!);
}

/**
 * Hosts a party of the source's namespace on both nodes, on the source's synchronizer, the target with the
 * flag or without.
 */
export function hostOnBoth(sandbox: Sandbox, party: string, isOnboarding: boolean): void {
  const { source, target } = sandbox.participants;
  const permission = 'PARTICIPANT_PERMISSION_SUBMISSION' as const;
  const participants = [
    { participant_uid: source.uid, permission },
    { participant_uid: target.uid, permission, ...(isOnboarding && { onboarding: {} }) },
  ];
  const signers = [namespaceSigner(source), namespaceSigner(target)];
  const signed = signedBy(signers, { code: 'ptp', value: { party, threshold: 1, participants } }, 2);
  sandbox.synchronizers.source.seed(signed, BigInt(Date.now()) * 1000n);
}

/**
 * Hosts a party of the source's namespace on another participant too, on the source's synchronizer. Returns
 * its uid.
 */
export function hostOnOther(sandbox: Sandbox, party: string): string {
  const other = otherHost(sandbox);
  const permission = 'PARTICIPANT_PERMISSION_SUBMISSION' as const;
  const its = sandbox.synchronizers.source;
  const at = () => BigInt(Date.now()) * 1000n;
  for (const transaction of other.identity(its.info.logicalId)) its.seed(transaction, at());
  const { transaction } = its.store.latest(`ptp/${party}`)!;
  if (transaction.mapping.code !== 'ptp') throw new Error(`${party} is not hosted`);
  const { value } = transaction.mapping;
  const participants = [...value.participants, { participant_uid: other.uid, permission }];
  const signers = [namespaceSigner(sandbox.participants.source), other.namespace];
  const mapping = { code: 'ptp' as const, value: { ...value, participants } };
  its.seed(signedBy(signers, mapping, transaction.serial + 1), at());
  return other.uid;
}

/**
 * Has the source confirm for a party in the namespace of the target, which does not host it. Returns the
 * party.
 */
export function hostForTarget(sandbox: Sandbox, name: string): string {
  const { source, target } = sandbox.participants;
  const owner = namespaceSigner(target);
  const permission = 'PARTICIPANT_PERMISSION_CONFIRMATION' as const;
  const party = `${name}::${owner.id}`;
  const value = { party, threshold: 1, participants: [{ participant_uid: source.uid, permission }] };
  const signed = signedBy([owner, namespaceSigner(source)], { code: 'ptp', value });
  sandbox.synchronizers.source.seed(signed, BigInt(Date.now()) * 1000n);
  return party;
}

/** Delegates every mapping of the source's namespace to the target's key: more than a migration does. */
export function delegateAllMappings({ participants: { source, target } }: Sandbox): void {
  const owner = namespaceSigner(source);
  const value = {
    namespace: owner.id,
    target_key: namespaceSigner(target).key,
    can_sign_all_mappings: {},
  };
  propose(source, { code: 'nsd', value });
}

/** Lets another key of the source sign whatever its root key may; returns its fingerprint. */
export function delegateToIntermediate({ participants: { source } }: Sandbox): string {
  const { vault } = source.participant.node;
  const usage: KeyUsage[] = ['SIGNING_KEY_USAGE_NAMESPACE'];
  const target_key = vault.generateSigning('intermediate', usage, 'intermediate');
  const value = { namespace: namespaceOf(source.uid), target_key, can_sign_all_mappings: {} };
  propose(source, { code: 'nsd', value });
  return fingerprint(target_key.public_key);
}

/**
 * Lets the owners of a decentralised namespace ask for so many of their signatures, or of fewer owners, on
 * one of the synchronizers.
 */
export function changeThreshold(
  sandbox: Sandbox,
  {
    namespace,
    threshold,
    on = 'source',
    without,
  }: { namespace: string; threshold: number; on?: 'source' | 'target'; without?: string },
): void {
  const its = sandbox.synchronizers[on];
  const { transaction } = its.store.latest(`dnd/${namespace}`)!;
  if (transaction.mapping.code !== 'dnd') throw new Error(`${namespace} has no owners`);
  const { value } = transaction.mapping;
  const node = namespaceSigner(sandbox.participants.source);
  const signers = value.owners.map((id) => (id === node.id ? node : outsideSigner(sandbox, id)));
  const owners = value.owners.filter((its) => its !== without);
  const mapping = { code: 'dnd' as const, value: { ...value, owners, threshold } };
  its.seed(signedBy(signers, mapping, transaction.serial + 1), BigInt(Date.now()) * 1000n);
}

/**
 * Gives a party of the scenario, whose key has a delegation, another key on one of the synchronizers; returns
 * how to undo it.
 */
export function replaceKey(sandbox: Sandbox, party: string, on: 'source' | 'target'): () => void {
  const its = sandbox.synchronizers[on];
  const { seed, parties } = sandbox.scenario;
  const own = externalSigner(seed, parties, parties.external);
  const other = seededSigner(`${seed}/replaced`, own.key.usage);
  const set = (signer: Signer) => {
    const { transaction } = its.store.latest(`ptp/${party}`)!;
    if (transaction.mapping.code !== 'ptp') throw new Error(`${party} is not hosted`);
    const party_signing_keys = { keys: [signer.key], threshold: 1 };
    const mapping = {
      code: 'ptp' as const,
      value: { ...transaction.mapping.value, party_signing_keys },
    };
    its.seed(signedBy([own, signer], mapping, transaction.serial + 1), BigInt(Date.now()) * 1000n);
  };
  set(other);
  return () => set(own);
}

/**
 * Lets a party that signs for itself add a third participant to its hosts on the target synchronizer. Returns
 * how to take it off.
 */
export function joinAsHost(sandbox: Sandbox, party: string): () => void {
  const its = sandbox.synchronizers.target;
  const { seed, parties } = sandbox.scenario;
  const other = otherHost(sandbox);
  const at = () => BigInt(Date.now()) * 1000n;
  for (const transaction of other.identity(its.info.logicalId)) its.seed(transaction, at());
  const signers = [externalSigner(seed, parties, parties.external), other.namespace];
  const change = (participants: readonly HostingParticipant[]) => {
    const { transaction } = its.store.latest(`ptp/${party}`)!;
    if (transaction.mapping.code !== 'ptp') throw new Error(`${party} is not hosted`);
    const value = { ...transaction.mapping.value, participants };
    its.seed(signedBy(signers, { code: 'ptp', value }, transaction.serial + 1), at());
  };
  const { transaction } = its.store.latest(`ptp/${party}`)!;
  if (transaction.mapping.code !== 'ptp') throw new Error(`${party} is not hosted`);
  const before = transaction.mapping.value.participants;
  const permission = 'PARTICIPANT_PERMISSION_CONFIRMATION' as const;
  change([...before, { participant_uid: other.uid, permission }]);
  return () => change(before);
}

/** Lets the nodes ask for another number of confirmations of a party, on the synchronizer of the source. */
export function changeConfirmations(sandbox: Sandbox, party: string, threshold: number): void {
  const { source, target } = sandbox.participants;
  const its = sandbox.synchronizers.source;
  const { transaction } = its.store.latest(`ptp/${party}`)!;
  if (transaction.mapping.code !== 'ptp') throw new Error(`${party} is not hosted`);
  const mapping = { code: 'ptp' as const, value: { ...transaction.mapping.value, threshold } };
  const signers = [namespaceSigner(source), namespaceSigner(target)];
  its.seed(signedBy(signers, mapping, transaction.serial + 1), BigInt(Date.now()) * 1000n);
}

/** A key that no node holds, of which the synchronizer knows the public part. */
function outsideSigner(sandbox: Sandbox, id: string): Pick<Signer, 'id' | 'sign'> {
  return {
    id,
    sign: (hash) => ({
      format: 'SIGNATURE_FORMAT_CONCAT',
      signature: Buffer.from(sandbox.sign(id, hash)),
      signed_by: id,
      signing_algorithm_spec: 'SIGNING_ALGORITHM_SPEC_ED25519',
    }),
  };
}

/** Connects the target to the synchronizer of the source as well. */
export async function joinSourceSynchronizer(sandbox: Sandbox): Promise<void> {
  const run = sandbox.participants.target.participant.node;
  registerWith(run, sandbox.synchronizers.source);
  await run.connections.connect(sandbox.synchronizers.source.info.alias);
}

/** Gives the target a signing key whose private part is not in its KMS, and that it does not use. */
export async function keepKeyOutsideKms({ participants: { target } }: Sandbox, name: string) {
  const { privateKey } = makeKeyPair('SIGNING_KEY_SPEC_EC_CURVE25519', name);
  const { id: fingerprint, key: signing } = seededSigner(name, ['SIGNING_KEY_USAGE_PROTOCOL']);
  const key = { fingerprint, name, signing, privateKey, isOwn: true };
  target.participant.node.journal.append('vault-key', key);
  await target.restart();
}

/** Makes a protocol key where the node keeps its keys; it is not in use yet. */
export function makeProtocolKey(
  { participant }: ParticipantView,
  name: string,
  spec: SigningSpec,
): void {
  const usage: KeyUsage[] = ['SIGNING_KEY_USAGE_PROTOCOL', 'SIGNING_KEY_USAGE_PROOF_OF_OWNERSHIP'];
  participant.node.vault.generateSigning(name, usage, name, spec);
}

/**
 * Lets a node publish the keys it uses: all of its vault that do not sign for its namespace, but for those
 * named.
 */
export function publishKeys(view: ParticipantView, except: readonly string[] = []): void {
  const { vault, uid } = view.participant.node;
  const retired = vault.list().filter(({ name }) => except.includes(name));
  const public_keys = memberKeys(vault).filter(
    ({ signing_public_key: key }) => !retired.some(({ signing }) => signing === key),
  );
  propose(view, { code: 'otk', value: { member: `PAR::${uid}`, public_keys } });
}

function propose({ participant }: ParticipantView, mapping: Mapping): void {
  const { manager } = participant.node.topology;
  const how = { signedBy: [], mustFullyAuthorize: true, forces: new Set<string>() };
  manager.propose({ operation: ADD, serial: 0, mapping, ...how });
}

function namespaceSigner({ participant }: ParticipantView): Signer {
  const { vault } = participant.node;
  const { fingerprint: id, signing: key } = vault.namespaceKey();
  return { id, key, sign: (hash) => vault.sign(id, hash) };
}

/**
 * Has the owners of a decentralised namespace of the scenario let `threshold` of them sign for it, on the
 * source's synchronizer.
 */
export function setThreshold(sandbox: Sandbox, namespace: string, threshold: number): void {
  const its = sandbox.synchronizers.source;
  const known = its.store.latest(`dnd/${namespace}`)!.transaction;
  if (known.mapping.code !== 'dnd') throw new Error(`${namespace} has no definition`);
  const { seed } = sandbox.scenario;
  const owners = [
    namespaceSigner(sandbox.participants.source),
    virtualParticipant('other', seed).namespace,
    thirdOwner(seed),
  ].filter(({ id }) => known.mapping.code === 'dnd' && known.mapping.value.owners.includes(id));
  const value = { ...known.mapping.value, threshold };
  its.seed(signedBy(owners, { code: 'dnd', value }, known.serial + 1), BigInt(Date.now()) * 1000n);
}

/** Has an external party of the scenario give its hosting the next serial, with nothing else changed. */
export function raiseSerial({ scenario, synchronizers }: Sandbox, party: string): void {
  const { seed, parties } = scenario;
  const its = synchronizers.source;
  const known = its.store.history(`ptp/${party}`).findLast(({ isProposal }) => !isProposal)!;
  const { mapping, serial } = known.transaction;
  const keys = Array.from({ length: parties.external }, (_, n) => externalSigner(seed, parties, n));
  const own = keys.filter(({ id }) => id === namespaceOf(party));
  its.seed(signedBy(own, mapping, serial + 1), BigInt(Date.now()) * 1000n);
}
