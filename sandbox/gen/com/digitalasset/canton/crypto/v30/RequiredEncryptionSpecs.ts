// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { EncryptionKeySpec as _com_digitalasset_canton_crypto_v30_EncryptionKeySpec, EncryptionKeySpec__Output as _com_digitalasset_canton_crypto_v30_EncryptionKeySpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/EncryptionKeySpec.js';

export interface RequiredEncryptionSpecs {
  'keys'?: (_com_digitalasset_canton_crypto_v30_EncryptionKeySpec)[];
}

export interface RequiredEncryptionSpecs__Output {
  'keys': (_com_digitalasset_canton_crypto_v30_EncryptionKeySpec__Output)[];
}
