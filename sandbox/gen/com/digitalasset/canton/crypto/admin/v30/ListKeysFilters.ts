// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { KeyPurpose as _com_digitalasset_canton_crypto_v30_KeyPurpose, KeyPurpose__Output as _com_digitalasset_canton_crypto_v30_KeyPurpose__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/KeyPurpose.js';
import type { SigningKeyUsage as _com_digitalasset_canton_crypto_v30_SigningKeyUsage, SigningKeyUsage__Output as _com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/SigningKeyUsage.js';

export interface ListKeysFilters {
  'fingerprint'?: (string);
  'name'?: (string);
  'purpose'?: (_com_digitalasset_canton_crypto_v30_KeyPurpose)[];
  'usage'?: (_com_digitalasset_canton_crypto_v30_SigningKeyUsage)[];
}

export interface ListKeysFilters__Output {
  'fingerprint'?: (string);
  'name'?: (string);
  'purpose': (_com_digitalasset_canton_crypto_v30_KeyPurpose__Output)[];
  'usage': (_com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output)[];
}
