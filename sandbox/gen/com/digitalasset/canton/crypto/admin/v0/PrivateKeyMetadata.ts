// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { PublicKeyWithName as _com_digitalasset_canton_crypto_v0_PublicKeyWithName, PublicKeyWithName__Output as _com_digitalasset_canton_crypto_v0_PublicKeyWithName__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/PublicKeyWithName.js';

export interface PrivateKeyMetadata {
  'public_key_with_name'?: (_com_digitalasset_canton_crypto_v0_PublicKeyWithName | null);
  'wrapper_key_id'?: (string);
  'kms_key_id'?: (string);
}

export interface PrivateKeyMetadata__Output {
  'public_key_with_name'?: (_com_digitalasset_canton_crypto_v0_PublicKeyWithName__Output);
  'wrapper_key_id'?: (string);
  'kms_key_id'?: (string);
}
