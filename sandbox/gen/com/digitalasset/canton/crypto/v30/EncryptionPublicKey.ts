// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { CryptoKeyFormat as _com_digitalasset_canton_crypto_v30_CryptoKeyFormat, CryptoKeyFormat__Output as _com_digitalasset_canton_crypto_v30_CryptoKeyFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v30/CryptoKeyFormat.js';
import type { EncryptionKeySpec as _com_digitalasset_canton_crypto_v30_EncryptionKeySpec, EncryptionKeySpec__Output as _com_digitalasset_canton_crypto_v30_EncryptionKeySpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/EncryptionKeySpec.js';

export interface EncryptionPublicKey {
  'format'?: (_com_digitalasset_canton_crypto_v30_CryptoKeyFormat);
  'public_key'?: (Buffer | Uint8Array | string);
  'scheme'?: (number);
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_EncryptionKeySpec);
}

export interface EncryptionPublicKey__Output {
  'format'?: (_com_digitalasset_canton_crypto_v30_CryptoKeyFormat__Output);
  'public_key'?: (Buffer);
  'scheme'?: (number);
  'key_spec'?: (_com_digitalasset_canton_crypto_v30_EncryptionKeySpec__Output);
}
