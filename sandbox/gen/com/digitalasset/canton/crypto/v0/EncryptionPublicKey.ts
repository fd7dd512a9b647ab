// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { CryptoKeyFormat as _com_digitalasset_canton_crypto_v0_CryptoKeyFormat, CryptoKeyFormat__Output as _com_digitalasset_canton_crypto_v0_CryptoKeyFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v0/CryptoKeyFormat.js';
import type { EncryptionKeyScheme as _com_digitalasset_canton_crypto_v0_EncryptionKeyScheme, EncryptionKeyScheme__Output as _com_digitalasset_canton_crypto_v0_EncryptionKeyScheme__Output } from '../../../../../com/digitalasset/canton/crypto/v0/EncryptionKeyScheme.js';

export interface EncryptionPublicKey {
  'id'?: (string);
  'format'?: (_com_digitalasset_canton_crypto_v0_CryptoKeyFormat);
  'public_key'?: (Buffer | Uint8Array | string);
  'scheme'?: (_com_digitalasset_canton_crypto_v0_EncryptionKeyScheme);
}

export interface EncryptionPublicKey__Output {
  'id'?: (string);
  'format'?: (_com_digitalasset_canton_crypto_v0_CryptoKeyFormat__Output);
  'public_key'?: (Buffer);
  'scheme'?: (_com_digitalasset_canton_crypto_v0_EncryptionKeyScheme__Output);
}
