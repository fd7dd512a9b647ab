// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { SigningKeySpec as _com_digitalasset_canton_crypto_v30_SigningKeySpec, SigningKeySpec__Output as _com_digitalasset_canton_crypto_v30_SigningKeySpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeySpec.js';

export interface RequiredSigningSpecs {
  'keys'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec)[];
}

export interface RequiredSigningSpecs__Output {
  'keys': (_com_digitalasset_canton_crypto_v30_SigningKeySpec__Output)[];
}
