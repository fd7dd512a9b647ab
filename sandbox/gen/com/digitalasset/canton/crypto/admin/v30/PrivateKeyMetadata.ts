// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { PublicKeyWithName as _com_digitalasset_canton_crypto_v30_PublicKeyWithName, PublicKeyWithName__Output as _com_digitalasset_canton_crypto_v30_PublicKeyWithName__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/PublicKeyWithName.js';

export interface PrivateKeyMetadata {
  'public_key_with_name'?: (_com_digitalasset_canton_crypto_v30_PublicKeyWithName | null);
  'wrapper_key_id'?: (string);
  'kms_key_id'?: (string);
  '_wrapper_key_id'?: "wrapper_key_id";
  '_kms_key_id'?: "kms_key_id";
}

export interface PrivateKeyMetadata__Output {
  'public_key_with_name'?: (_com_digitalasset_canton_crypto_v30_PublicKeyWithName__Output);
  'wrapper_key_id'?: (string);
  'kms_key_id'?: (string);
  '_wrapper_key_id'?: "wrapper_key_id";
  '_kms_key_id'?: "kms_key_id";
}
