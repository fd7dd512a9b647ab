import {
  fingerprint,
  makeKeyPair,
  sign,
  SPKI,
  type KeyUsage,
  type Signature,
  type SigningPublicKey,
  type SigningSpec,
} from './crypto.js';
import type { Mapping } from './topology/mapping.js';
import { ADD, buildTransaction, type SignedTransaction } from './topology/transaction.js';

const SPEC = 'SIGNING_KEY_SPEC_EC_CURVE25519' as const;

/** Whatever signs a topology transaction of the initial state. */
export interface Signer {
  /** Fingerprint of its key. */
  readonly id: string;
  readonly key: SigningPublicKey;
  sign(hash: Buffer): Signature;
}

/** A signer whose private key can be handed out, PKCS#8 in DER. */
export type SeededSigner = Signer & { readonly privateKey: Buffer };

/** Makes a signer that belongs to no simulated node: an external party, an owner, a virtual participant. */
export function seededSigner(
  seed: string,
  usage: readonly KeyUsage[],
  spec: SigningSpec = SPEC,
): SeededSigner {
  const pair = makeKeyPair(spec, seed);
  const id = fingerprint(pair.publicKey);
  const key = { format: SPKI, public_key: pair.publicKey, usage, key_spec: spec };
  const { privateKey } = pair;
  return { id, key, privateKey, sign: (hash) => sign(privateKey, spec, hash, id) };
}

/** Makes the root key of a node that never had it. */
export function offlineRoot(seed: string, node: string, spec: SigningSpec = SPEC): SeededSigner {
  return seededSigner(`${seed}/${node}/offline-root`, ['SIGNING_KEY_USAGE_NAMESPACE'], spec);
}

/** Builds an addition and signs it. */
export function signedBy(
  signers: readonly Pick<Signer, 'id' | 'sign'>[],
  mapping: Mapping,
  serial = 1,
): SignedTransaction {
  const transaction = buildTransaction(ADD, serial, mapping);
  const unique = [...new Map(signers.map((signer) => [signer.id, signer])).values()];
  return { transaction, signatures: unique.map((one) => one.sign(transaction.hash)), isProposal: false };
}

/** Makes the self-signed root certificate of a namespace. */
export function rootCertificate(signer: Signer): SignedTransaction {
  const value = { namespace: signer.id, target_key: signer.key, can_sign_all_mappings: {} };
  return signedBy([signer], { code: 'nsd', value });
}

/** Makes the certificate by which a root key lets another key sign everything but delegations for its namespace. */
export function intermediateCertificate(root: Signer, target_key: SigningPublicKey): SignedTransaction {
  const restriction = { can_sign_all_but_namespace_delegations: {} };
  return signedBy([root], { code: 'nsd', value: { namespace: root.id, target_key, ...restriction } });
}

/** A participant that is only its topology entries: nothing listens for it. */
export interface VirtualParticipant {
  readonly uid: string;
  readonly namespace: SeededSigner;
  /** Root, keys and trust certificate for a synchronizer, in the order they are needed. */
  identity(synchronizerId: string): SignedTransaction[];
}

/** Makes a virtual participant; its ids follow from the seed. */
export function virtualParticipant(name: string, seed: string): VirtualParticipant {
  const namespace = seededSigner(`${seed}/${name}/namespace`, ['SIGNING_KEY_USAGE_NAMESPACE']);
  const ownership = 'SIGNING_KEY_USAGE_PROOF_OF_OWNERSHIP';
  const auth = seededSigner(`${seed}/${name}/auth`, [
    'SIGNING_KEY_USAGE_SEQUENCER_AUTHENTICATION',
    ownership,
  ]);
  const signing = seededSigner(`${seed}/${name}/signing`, ['SIGNING_KEY_USAGE_PROTOCOL', ownership]);
  const uid = `${name}::${namespace.id}`;
  const public_keys = [{ signing_public_key: auth.key }, { signing_public_key: signing.key }];
  return {
    uid,
    namespace,
    identity: (synchronizer_id) => [
      rootCertificate(namespace),
      signedBy([namespace, auth, signing], {
        code: 'otk',
        value: { member: `PAR::${uid}`, public_keys },
      }),
      signedBy([namespace], { code: 'dtc', value: { participant_uid: uid, synchronizer_id } }),
    ],
  };
}
