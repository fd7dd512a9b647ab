// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { CryptoKeyFormat as _com_digitalasset_canton_crypto_v0_CryptoKeyFormat, CryptoKeyFormat__Output as _com_digitalasset_canton_crypto_v0_CryptoKeyFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v0/CryptoKeyFormat.js';
import type { SigningKeyScheme as _com_digitalasset_canton_crypto_v0_SigningKeyScheme, SigningKeyScheme__Output as _com_digitalasset_canton_crypto_v0_SigningKeyScheme__Output } from '../../../../../com/digitalasset/canton/crypto/v0/SigningKeyScheme.js';

export interface SigningPublicKey {
  'id'?: (string);
  'format'?: (_com_digitalasset_canton_crypto_v0_CryptoKeyFormat);
  'public_key'?: (Buffer | Uint8Array | string);
  'scheme'?: (_com_digitalasset_canton_crypto_v0_SigningKeyScheme);
}

export interface SigningPublicKey__Output {
  'id'?: (string);
  'format'?: (_com_digitalasset_canton_crypto_v0_CryptoKeyFormat__Output);
  'public_key'?: (Buffer);
  'scheme'?: (_com_digitalasset_canton_crypto_v0_SigningKeyScheme__Output);
}
