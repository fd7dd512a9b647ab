// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { HmacAlgorithm as _com_digitalasset_canton_crypto_v0_HmacAlgorithm, HmacAlgorithm__Output as _com_digitalasset_canton_crypto_v0_HmacAlgorithm__Output } from '../../../../../com/digitalasset/canton/crypto/v0/HmacAlgorithm.js';

export interface Salt {
  'hmac'?: (_com_digitalasset_canton_crypto_v0_HmacAlgorithm);
  'salt'?: (Buffer | Uint8Array | string);
  'algorithm'?: "hmac";
}

export interface Salt__Output {
  'hmac'?: (_com_digitalasset_canton_crypto_v0_HmacAlgorithm__Output);
  'salt'?: (Buffer);
  'algorithm'?: "hmac";
}
