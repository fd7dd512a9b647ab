// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { EncryptionPublicKey as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey, EncryptionPublicKey__Output as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/EncryptionPublicKey.js';

export interface GenerateEncryptionKeyResponse {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey | null);
}

export interface GenerateEncryptionKeyResponse__Output {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output);
}
