// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { PublicKey as _com_digitalasset_canton_crypto_v0_PublicKey, PublicKey__Output as _com_digitalasset_canton_crypto_v0_PublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/PublicKey.js';

export interface OwnerToKeyMapping {
  'key_owner'?: (string);
  'public_key'?: (_com_digitalasset_canton_crypto_v0_PublicKey | null);
}

export interface OwnerToKeyMapping__Output {
  'key_owner'?: (string);
  'public_key'?: (_com_digitalasset_canton_crypto_v0_PublicKey__Output);
}
