// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { CryptoKeyFormat as _com_digitalasset_canton_crypto_v30_CryptoKeyFormat, CryptoKeyFormat__Output as _com_digitalasset_canton_crypto_v30_CryptoKeyFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v30/CryptoKeyFormat.js';
import type { SigningKeyScheme as _com_digitalasset_canton_crypto_v30_SigningKeyScheme, SigningKeyScheme__Output as _com_digitalasset_canton_crypto_v30_SigningKeyScheme__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeyScheme.js';
import type { SigningKeyUsage as _com_digitalasset_canton_crypto_v30_SigningKeyUsage, SigningKeyUsage__Output as _com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeyUsage.js';
import type { SigningKeySpec as _com_digitalasset_canton_crypto_v30_SigningKeySpec, SigningKeySpec__Output as _com_digitalasset_canton_crypto_v30_SigningKeySpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeySpec.js';

export interface SigningPublicKey {
  'format'?: (_com_digitalasset_canton_crypto_v30_CryptoKeyFormat);
  'public_key'?: (Buffer | Uint8Array | string);
  'scheme'?: (_com_digitalasset_canton_crypto_v30_SigningKeyScheme);
  'usage'?: (_com_digitalasset_canton_crypto_v30_SigningKeyUsage)[];
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec);
}

export interface SigningPublicKey__Output {
  'format'?: (_com_digitalasset_canton_crypto_v30_CryptoKeyFormat__Output);
  'public_key'?: (Buffer);
  'scheme'?: (_com_digitalasset_canton_crypto_v30_SigningKeyScheme__Output);
  'usage': (_com_digitalasset_canton_crypto_v30_SigningKeyUsage__Output)[];
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec__Output);
}
