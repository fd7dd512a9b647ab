// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { KeyPurpose as _com_digitalasset_canton_crypto_v0_KeyPurpose, KeyPurpose__Output as _com_digitalasset_canton_crypto_v0_KeyPurpose__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/KeyPurpose.js';

export interface ListKeysRequest {
  'filter_fingerprint'?: (string);
  'filter_name'?: (string);
  'filter_purpose'?: (_com_digitalasset_canton_crypto_v0_KeyPurpose)[];
}

export interface ListKeysRequest__Output {
  'filter_fingerprint'?: (string);
  'filter_name'?: (string);
  'filter_purpose': (_com_digitalasset_canton_crypto_v0_KeyPurpose__Output)[];
}
