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
  type PublicKey,
} from '../gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';
import { hasOwnId, specOf } from './keys.js';

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
    for (const { publicKey } of publicKeys) {
      if (publicKey?.key.case !== 'signingPublicKey') continue;
      const { value } = publicKey.key;
      if (value.id === fingerprint && hasOwnId(value)) return toBinary(PublicKeySchema, publicKey);
    }
    return undefined;
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
  if (kind === 'signingPublicKey')
    return { fingerprint, purpose: 'signing', spec: specOf(value.scheme) };
  return { fingerprint, purpose: 'encryption', spec: EncryptionKeyScheme[scheme] ?? `${scheme}` };
}
