import {
  PlainFailure,
  CantonRefusal,
  deserializationFailure,
  fieldNotSet,
  shortenIds,
} from './errors.js';
import {
  checkedKey,
  fingerprint,
  makeKeyPair,
  rsaPublicKey,
  sign,
  SPKI,
  type EncryptionPublicKey,
  type KeyUsage,
  type Signature,
  type SigningPublicKey,
  type SigningSpec,
} from './crypto.js';
import type { Kms } from './kms.js';
import type { Journal } from './node.js';
import { decode } from './wire.js';

/** A key the node knows. Exactly one of `signing` and `encryption` is there. */
export interface VaultKey {
  readonly fingerprint: string;
  readonly name: string;
  readonly signing?: SigningPublicKey;
  readonly encryption?: EncryptionPublicKey;
  /** PKCS#8; absent for imported keys, for keys in the KMS and for encryption keys. */
  readonly privateKey?: Buffer;
  readonly kmsKeyId?: string;
  /** Whether the private part is the node's, wherever it lies. */
  readonly isOwn: boolean;
  /** Whether the private part was the node's and was taken off it. */
  readonly isTakenOff?: boolean;
}

const NAMESPACE: KeyUsage = 'SIGNING_KEY_USAGE_NAMESPACE';
const OWNERSHIP: KeyUsage = 'SIGNING_KEY_USAGE_PROOF_OF_OWNERSHIP';

/** Raised where the KMS cannot sign. The reason stands only in the node's log, which the sandbox lacks. */
function signingFailure(): CantonRefusal {
  const cause = 'Topology transaction signing error: the KMS does not know the key';
  return new CantonRefusal({ id: 'TOPOLOGY_MANAGER_INTERNAL_ERROR', category: 4, cause });
}

/** The keys of one participant; those of a KMS-backed one have their private part in the KMS. */
export class Vault {
  private readonly keys = new Map<string, VaultKey>();

  constructor(
    private readonly journal: Journal,
    private readonly kms: Kms | undefined,
  ) {
    for (const key of journal.replay('vault-key')) this.keys.set(key.fingerprint, key);
  }

  /** Whether the node keeps its private keys in a KMS. */
  get isKmsBacked(): boolean {
    return this.kms !== undefined;
  }

  /** Lists every key, oldest first. */
  list(): VaultKey[] {
    return [...this.keys.values()];
  }

  /** Whether the node can name itself the owner of a key: the KMS may have lost it all the same. */
  holds(id: string): boolean {
    return this.keys.get(id)?.isOwn === true;
  }

  /**
   * Returns the node's oldest own namespace key, also once it was taken off: its root key, or, where that was never on
   * the node, the one that signs for its namespace.
   */
  namespaceKey(): VaultKey & { signing: SigningPublicKey } {
    const found = this.list().find(
      (key) => (key.isOwn || key.isTakenOff) && key.signing?.usage.includes(NAMESPACE),
    );
    if (!found?.signing) throw new Error('the vault has no namespace key');
    return { ...found, signing: found.signing };
  }

  /** Returns a signing key of the node by its fingerprint. */
  signingKey(id: string): SigningPublicKey {
    const found = this.keys.get(id);
    if (!found?.isOwn || !found.signing) throw new Error(`no private signing key ${id}`);
    return found.signing;
  }

  /** Whether every signing key of the node still signs: false once the KMS has lost one. */
  canSign(): boolean {
    return this.list().every((key) => !key.isOwn || !key.signing || this.privatePart(key) !== undefined);
  }

  private privatePart(key: VaultKey): Buffer | undefined {
    return key.kmsKeyId === undefined ? key.privateKey : this.kms?.find(key.kmsKeyId)?.privateKey;
  }

  /** Signs a hash with one of the node's own keys. Fails like Canton where the KMS has lost the key. */
  sign(id: string, hash: Buffer): Signature {
    const key = this.keys.get(id);
    if (!key?.isOwn || !key.signing) throw new Error(`no private signing key ${id}`);
    const privateKey = this.privatePart(key);
    if (!privateKey) throw signingFailure();
    return sign(privateKey, key.signing.key_spec, hash, id);
  }

  /**
   * Takes the private part of a key off the node and returns it, PKCS#8 in DER. The node goes on knowing the public
   * part, as after `DeleteKeyPair` and an import of it. The same again returns nothing.
   */
  takeOff(id: string): Buffer | undefined {
    const key = this.keys.get(id);
    if (!key?.isOwn || key.kmsKeyId !== undefined) return undefined;
    const { privateKey, ...rest } = key;
    this.store({ ...rest, isOwn: false, isTakenOff: true });
    return privateKey;
  }

  /** Makes a signing key, in the KMS if the node has one. */
  generateSigning(
    name: string,
    usage: readonly KeyUsage[],
    seed: string,
    spec?: SigningSpec,
  ): SigningPublicKey {
    const own = this.kms ? 'SIGNING_KEY_SPEC_EC_P256' : 'SIGNING_KEY_SPEC_EC_CURVE25519';
    const keySpec = spec ?? own;
    const pair = this.kms?.generate(keySpec, seed) ?? makeKeyPair(keySpec, seed);
    const id = fingerprint(pair.publicKey);
    const signing = signingKey(pair.publicKey, keySpec, usage);
    const place = this.kms ? { kmsKeyId: id } : { privateKey: pair.privateKey };
    this.store({ fingerprint: id, name, signing, isOwn: true, ...place });
    return signing;
  }

  /** Makes the node's encryption key. */
  generateEncryption(name: string, seed: string): void {
    const publicKey = this.kms
      ? rsaPublicKey(seed)
      : makeKeyPair('SIGNING_KEY_SPEC_EC_P256', seed).publicKey;
    const key_spec = this.kms ? 'ENCRYPTION_KEY_SPEC_RSA_2048' : 'ENCRYPTION_KEY_SPEC_EC_P256';
    const id = fingerprint(publicKey);
    const place = this.kms ? { kmsKeyId: id } : {};
    const encryption: EncryptionPublicKey = { format: SPKI, public_key: publicKey, key_spec };
    this.store({ fingerprint: id, name, encryption, isOwn: true, ...place });
  }

  /** Takes a key of the KMS into use. */
  registerKms(kmsKeyId: string, name: string, usage: readonly KeyUsage[]): SigningPublicKey {
    const found = this.kms?.find(kmsKeyId);
    if (!found) {
      const cause = this.kms ? `no key ${kmsKeyId} in the KMS` : 'the crypto provider is not a KMS';
      throw new CantonRefusal({ id: 'REGISTER_KMS_KEY_INTERNAL_ERROR', category: 4, cause });
    }
    const signing = signingKey(found.publicKey, found.spec, usage);
    this.store({ fingerprint: fingerprint(found.publicKey), name, signing, isOwn: true, kmsKeyId });
    return signing;
  }

  /** Stores a foreign public key; the same again is a no-op. Returns its fingerprint. */
  importPublic(bytes: Buffer, name: string): string {
    const key = parsePublicKey(bytes);
    const id = fingerprint((key.signing ?? key.encryption)?.public_key ?? Buffer.alloc(0));
    const known = this.keys.get(id);
    if (known) {
      const isSame =
        known.name === name && JSON.stringify(publicPart(known)) === JSON.stringify(publicPart(key));
      if (isSame) return id;
      throw new PlainFailure(shortenIds(`Existing public key for ${id} is different than inserted key`));
    }
    this.store({ fingerprint: id, name, isOwn: false, ...key });
    return id;
  }

  private store(key: VaultKey): void {
    this.journal.append('vault-key', key);
    this.keys.set(key.fingerprint, key);
  }
}

/** Makes a key that is to sign for the namespace of a new node. */
export function createNamespaceKey(
  vault: Vault,
  name: string,
  seed: string,
  spec?: SigningSpec,
): SigningPublicKey {
  return vault.generateSigning(name, [NAMESPACE], seed, spec);
}

/** Makes the other keys of a new node. Source: admin-api 1.7. */
export function createMemberKeys(vault: Vault, node: string, seed: string): void {
  const auth: KeyUsage[] = ['SIGNING_KEY_USAGE_SEQUENCER_AUTHENTICATION', OWNERSHIP];
  vault.generateSigning(`${node}-sequencer-auth`, auth, `${seed}/sequencer-auth`);
  vault.generateSigning(`${node}-signing`, ['SIGNING_KEY_USAGE_PROTOCOL', OWNERSHIP], `${seed}/signing`);
  vault.generateEncryption(`${node}-encryption`, `${seed}/encryption`);
}

/** The keys of a new node that stand in its `OwnerToKeyMapping`: all but those that sign for its namespace. */
export function memberKeys(
  vault: Vault,
): { signing_public_key?: SigningPublicKey; encryption_public_key?: EncryptionPublicKey }[] {
  return vault
    .list()
    .filter((key) => key.isOwn && !key.signing?.usage.includes(NAMESPACE))
    .map(({ signing, encryption }) =>
      signing
        ? { signing_public_key: signing }
        : { ...(encryption ? { encryption_public_key: encryption } : {}) },
    );
}

/** Adds what the server adds to the usages a client asks for; refuses the sets Canton calls invalid. */
export function effectiveUsage(asked: readonly KeyUsage[]): KeyUsage[] {
  if (asked.length === 0) throw fieldNotSet('usage');
  const isNamespaceOnly = asked.every((usage) => usage === NAMESPACE);
  const others = asked.filter((usage) => usage !== NAMESPACE && usage !== OWNERSHIP);
  if (!isNamespaceOnly && others.length === 0) {
    throw deserializationFailure(`InvariantViolation(usage,Invalid usage ${asked.join(', ')})`);
  }
  return isNamespaceOnly ? [NAMESPACE] : [...new Set([...asked, OWNERSHIP])];
}

function signingKey(publicKey: Buffer, spec: SigningSpec, usage: readonly KeyUsage[]): SigningPublicKey {
  return { format: SPKI, public_key: publicKey, usage: [...usage], key_spec: spec };
}

function parsePublicKey(bytes: Buffer): Pick<VaultKey, 'signing' | 'encryption'> {
  const message = decode('com.digitalasset.canton.crypto.v30.PublicKey', bytes);
  // A key is checked by its bytes; what else is missing stays so, as on a node.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  const signing = message.signing_public_key as SigningPublicKey | undefined;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  const encryption = message.encryption_public_key as EncryptionPublicKey | undefined;
  if (signing) return { signing: checkedKey(signing) };
  if (encryption) return { encryption: checkedKey(encryption) };
  throw fieldNotSet('key');
}

function publicPart({ signing, encryption }: Pick<VaultKey, 'signing' | 'encryption'>): unknown {
  const key = signing ?? encryption;
  return [
    key?.format,
    key?.key_spec,
    key?.public_key.toString('hex'),
    [...(signing?.usage ?? [])].sort(),
  ];
}
