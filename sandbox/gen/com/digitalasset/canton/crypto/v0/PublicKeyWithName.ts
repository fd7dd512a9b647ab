// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { PublicKey as _com_digitalasset_canton_crypto_v0_PublicKey, PublicKey__Output as _com_digitalasset_canton_crypto_v0_PublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/PublicKey.js';

export interface PublicKeyWithName {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_PublicKey | null);
  'name'?: (string);
}

export interface PublicKeyWithName__Output {
  'public_key'?: (_com_digitalasset_canton_crypto_v0_PublicKey__Output);
  'name'?: (string);
}
