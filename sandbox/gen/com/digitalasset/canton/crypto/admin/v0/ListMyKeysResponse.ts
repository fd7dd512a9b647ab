// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { PrivateKeyMetadata as _com_digitalasset_canton_crypto_admin_v0_PrivateKeyMetadata, PrivateKeyMetadata__Output as _com_digitalasset_canton_crypto_admin_v0_PrivateKeyMetadata__Output } from '../../../../../../com/digitalasset/canton/crypto/admin/v0/PrivateKeyMetadata.js';

export interface ListMyKeysResponse {
  'private_keys_metadata'?: (_com_digitalasset_canton_crypto_admin_v0_PrivateKeyMetadata)[];
}

export interface ListMyKeysResponse__Output {
  'private_keys_metadata': (_com_digitalasset_canton_crypto_admin_v0_PrivateKeyMetadata__Output)[];
}
