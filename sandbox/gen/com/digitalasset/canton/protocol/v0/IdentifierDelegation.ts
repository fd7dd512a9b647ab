// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v0_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v0_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/SigningPublicKey.js';

export interface IdentifierDelegation {
  'unique_identifier'?: (string);
  'target_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey | null);
}

export interface IdentifierDelegation__Output {
  'unique_identifier'?: (string);
  'target_key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey__Output);
}
