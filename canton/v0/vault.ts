import { toBinary } from '@bufbuild/protobuf';

import type { OwnKey, VaultKey } from '../../model/participant.js';
import type { VaultReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import {
  VaultService,
  type PrivateKeyMetadata,
} from '../gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import {
  EncryptionKeyScheme,
  KeyPurpose,
  PublicKeySchema,
  SigningKeyScheme,
  type PublicKey,
} from '../gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';

/** Reads the keys of a participant. Source: proto VaultService.ListMyKeys. */
export class Vault implements VaultReads {
  constructor(private readonly channel: Channel) {}

  async listKeys(): Promise<VaultKey[]> {
    const { privateKeysMetadata } = await this.channel.unary(VaultService.method.listMyKeys, {});
    return privateKeysMetadata.flatMap((metadata) => toVaultKey(metadata) ?? []);
  }

  /** As serialised `crypto.v0.PublicKey`, which is how another participant takes it. */
  async findSigningKey(fingerprint: string): Promise<Uint8Array | undefined> {
    const request = { filterFingerprint: fingerprint, filterPurpose: [KeyPurpose.SigningKeyPurpose] };
    const { publicKeys } = await this.channel.unary(VaultService.method.listPublicKeys, request);
    const found = publicKeys.find(({ publicKey }) => publicKey?.key.value?.id === fingerprint);
    return found?.publicKey && toBinary(PublicKeySchema, found.publicKey);
  }
}

function toVaultKey({ publicKeyWithName, kmsKeyId }: PrivateKeyMetadata): VaultKey | undefined {
  const key = publicKeyWithName?.publicKey && toOwnKey(publicKeyWithName.publicKey.key);
  if (!key) return undefined;
  return {
    ...key,
    name: publicKeyWithName?.name ?? '',
    // A signing key signs whatever it is authorised for.
    usages: key.purpose === 'signing' ? ['NAMESPACE'] : [],
    ...(kmsKeyId !== '' && kmsKeyId !== undefined && { kmsKeyId }),
  };
}

/** Returns a key as plain data, or nothing if it is of neither kind. */
export function toOwnKey({ case: kind, value }: PublicKey['key']): OwnKey | undefined {
  if (!value) return undefined;
  const { id: fingerprint, scheme } = value;
  if (kind === 'encryptionPublicKey')
    return { fingerprint, purpose: 'encryption', spec: EncryptionKeyScheme[scheme] ?? `${scheme}` };
  const spec = SIGNING_SPECS.get(scheme as SigningKeyScheme);
  return { fingerprint, purpose: 'signing', spec: spec ?? SigningKeyScheme[scheme] ?? `${scheme}` };
}

/** As Canton 3 calls them. */
export const SIGNING_SPECS: ReadonlyMap<SigningKeyScheme, string> = new Map([
  [SigningKeyScheme.Ed25519, 'EC_CURVE25519'],
  [SigningKeyScheme.EcDsaP256, 'EC_P256'],
  [SigningKeyScheme.EcDsaP384, 'EC_P384'],
]);
