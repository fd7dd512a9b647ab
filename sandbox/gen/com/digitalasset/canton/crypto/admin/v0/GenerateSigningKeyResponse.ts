// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v0_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v0_SigningPublicKey__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/SigningPublicKey.js';

export interface GenerateSigningKeyResponse {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey | null);
}

export interface GenerateSigningKeyResponse__Output {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey__Output);
}
