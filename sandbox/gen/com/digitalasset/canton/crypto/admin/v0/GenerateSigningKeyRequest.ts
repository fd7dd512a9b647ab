// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { SigningKeyScheme as _com_digitalasset_canton_crypto_v0_SigningKeyScheme, SigningKeyScheme__Output as _com_digitalasset_canton_crypto_v0_SigningKeyScheme__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/SigningKeyScheme.js';

export interface GenerateSigningKeyRequest {
  'key_scheme'?: (_com_digitalasset_canton_crypto_v0_SigningKeyScheme);
  'name'?: (string);
}

export interface GenerateSigningKeyRequest__Output {
  'key_scheme'?: (_com_digitalasset_canton_crypto_v0_SigningKeyScheme__Output);
  'name'?: (string);
}
