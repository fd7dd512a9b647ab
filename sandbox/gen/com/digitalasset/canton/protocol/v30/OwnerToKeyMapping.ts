// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { PublicKey as _com_digitalasset_canton_crypto_v30_PublicKey, PublicKey__Output as _com_digitalasset_canton_crypto_v30_PublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v30/PublicKey.js';

export interface OwnerToKeyMapping {
  'member'?: (string);
  'public_keys'?: (_com_digitalasset_canton_crypto_v30_PublicKey)[];
}

export interface OwnerToKeyMapping__Output {
  'member'?: (string);
  'public_keys': (_com_digitalasset_canton_crypto_v30_PublicKey__Output)[];
}
