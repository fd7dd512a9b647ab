// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { SigningKeyUsage as _com_digitalasset_canton_crypto_v30_SigningKeyUsage, SigningKeyUsage__Output as _com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/SigningKeyUsage.js';

export interface RegisterKmsSigningKeyRequest {
  'kms_key_id'?: (string);
  'name'?: (string);
  'usage'?: (_com_digitalasset_canton_crypto_v30_SigningKeyUsage)[];
}

export interface RegisterKmsSigningKeyRequest__Output {
  'kms_key_id'?: (string);
  'name'?: (string);
  'usage': (_com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output)[];
}
