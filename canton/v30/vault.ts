import { toBinary } from '@bufbuild/protobuf';

import type { OwnKey, VaultKey } from '../../model/participant.js';
import type { VaultReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { fingerprintOf } from '../fingerprint.js';
import {
  VaultService,
  type PrivateKeyMetadata,
} from '../gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import {
  EncryptionKeySpec,
  KeyPurpose,
  SigningKeySpec,
  SigningKeyUsage,
  SigningPublicKeySchema,
  type PublicKey,
} from '../gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';

/** Reads the keys of a participant. Source: admin-api 1.8. */
export class Vault implements VaultReads {
  constructor(private readonly channel: Channel) {}

  /** Keys whose private part the participant owns; the list stays complete even if a KMS has lost them. */
  async listKeys(): Promise<VaultKey[]> {
    const { privateKeysMetadata } = await this.channel.unary(VaultService.method.listMyKeys, {
      filters: {},
    });
    return privateKeysMetadata.flatMap((metadata) => toVaultKey(metadata) ?? []);
  }

  async findSigningKey(fingerprint: string): Promise<Uint8Array | undefined> {
    const filters = { fingerprint, purpose: [KeyPurpose.SIGNING] };
    const { publicKeys } = await this.channel.unary(VaultService.method.listPublicKeys, { filters });
    for (const { publicKey } of publicKeys) {
      if (publicKey?.key.case !== 'signingPublicKey') continue;
      if (fingerprintOf(publicKey.key.value) === fingerprint) {
        return toBinary(SigningPublicKeySchema, publicKey.key.value);
      }
    }
    return undefined;
  }
}

function toVaultKey({ publicKeyWithName, kmsKeyId }: PrivateKeyMetadata): VaultKey | undefined {
  const key = publicKeyWithName?.publicKey?.key;
  if (!key?.value) return undefined;
  return {
    fingerprint: fingerprintOf(key.value),
    name: publicKeyWithName?.name ?? '',
    ...purposeOf(key),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

/** Returns a key as plain data, or nothing if it is of neither kind. */
export function toOwnKey(key: PublicKey['key']): OwnKey | undefined {
  if (!key.value) return undefined;
  const { purpose, spec } = purposeOf(key);
  return { fingerprint: fingerprintOf(key.value), purpose, spec };
}

// A number this client does not know yet is shown as such.
function purposeOf(
  key: PublicKey['key'] & { value: object },
): Pick<VaultKey, 'purpose' | 'usages' | 'spec'> {
  if (key.case === 'encryptionPublicKey') {
    return {
      purpose: 'encryption',
      usages: [],
      spec: EncryptionKeySpec[key.value.keySpec] ?? `${key.value.keySpec}`,
    };
  }
  return {
    purpose: 'signing',
    usages: key.value.usage.map((usage) => SigningKeyUsage[usage] ?? `${usage as number}`),
    spec: SigningKeySpec[key.value.keySpec] ?? `${key.value.keySpec}`,
  };
}
