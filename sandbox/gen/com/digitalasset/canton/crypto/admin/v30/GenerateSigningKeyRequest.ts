// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { SigningKeySpec as _com_digitalasset_canton_crypto_v30_SigningKeySpec, SigningKeySpec__Output as _com_digitalasset_canton_crypto_v30_SigningKeySpec__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/SigningKeySpec.js';
import type { SigningKeyUsage as _com_digitalasset_canton_crypto_v30_SigningKeyUsage, SigningKeyUsage__Output as _com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/SigningKeyUsage.js';

export interface GenerateSigningKeyRequest {
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec);
  'name'?: (string);
  'usage'?: (_com_digitalasset_canton_crypto_v30_SigningKeyUsage)[];
}

export interface GenerateSigningKeyRequest__Output {
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec__Output);
  'name'?: (string);
  'usage': (_com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output)[];
}
