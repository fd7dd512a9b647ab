// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v30_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v30_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningPublicKey.js';

export interface SigningKeysWithThreshold {
  'keys'?: (_com_digitalasset_canton_crypto_v30_SigningPublicKey)[];
  'threshold'?: (number);
}

export interface SigningKeysWithThreshold__Output {
  'keys': (_com_digitalasset_canton_crypto_v30_SigningPublicKey__Output)[];
  'threshold'?: (number);
}
