// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { PublicKeyWithName as _com_digitalasset_canton_crypto_v30_PublicKeyWithName, PublicKeyWithName__Output as _com_digitalasset_canton_crypto_v30_PublicKeyWithName__Output } from '../../../../../../com/digitalasset/canton/crypto/v30/PublicKeyWithName.js';

export interface ListPublicKeysResponse {
  'public_keys'?: (_com_digitalasset_canton_crypto_v30_PublicKeyWithName)[];
}

export interface ListPublicKeysResponse__Output {
  'public_keys': (_com_digitalasset_canton_crypto_v30_PublicKeyWithName__Output)[];
}
