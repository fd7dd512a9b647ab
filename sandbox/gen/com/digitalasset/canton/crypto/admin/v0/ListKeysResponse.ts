// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto

import type { PublicKeyWithName as _com_digitalasset_canton_crypto_v0_PublicKeyWithName, PublicKeyWithName__Output as _com_digitalasset_canton_crypto_v0_PublicKeyWithName__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/PublicKeyWithName.js';

export interface ListKeysResponse {
  'public_keys'?: (_com_digitalasset_canton_crypto_v0_PublicKeyWithName)[];
}

export interface ListKeysResponse__Output {
  'public_keys': (_com_digitalasset_canton_crypto_v0_PublicKeyWithName__Output)[];
}
