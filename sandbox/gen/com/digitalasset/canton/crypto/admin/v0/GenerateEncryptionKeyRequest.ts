// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { EncryptionKeyScheme as _com_digitalasset_canton_crypto_v0_EncryptionKeyScheme, EncryptionKeyScheme__Output as _com_digitalasset_canton_crypto_v0_EncryptionKeyScheme__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/EncryptionKeyScheme.js';

export interface GenerateEncryptionKeyRequest {
  'key_scheme'?: (_com_digitalasset_canton_crypto_v0_EncryptionKeyScheme);
  'name'?: (string);
}

export interface GenerateEncryptionKeyRequest__Output {
  'key_scheme'?: (_com_digitalasset_canton_crypto_v0_EncryptionKeyScheme__Output);
  'name'?: (string);
}
