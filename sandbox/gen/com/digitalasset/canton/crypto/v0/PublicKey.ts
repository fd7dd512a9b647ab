// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v0_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v0_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/SigningPublicKey.js';
import type { EncryptionPublicKey as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey, EncryptionPublicKey__Output as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/EncryptionPublicKey.js';

export interface PublicKey {
  'signing_public_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey | null);
  'encryption_public_key'?: (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey | null);
  'key'?: "signing_public_key"|"encryption_public_key";
}

export interface PublicKey__Output {
  'signing_public_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey__Output);
  'encryption_public_key'?: (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output);
  'key'?: "signing_public_key"|"encryption_public_key";
}
