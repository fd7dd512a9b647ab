// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v30_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v30_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningPublicKey.js';

export interface PartyToKeyMapping {
  'party'?: (string);
  'threshold'?: (number);
  'signing_keys'?: (_com_digitalasset_canton_crypto_v30_SigningPublicKey)[];
}

export interface PartyToKeyMapping__Output {
  'party'?: (string);
  'threshold'?: (number);
  'signing_keys': (_com_digitalasset_canton_crypto_v30_SigningPublicKey__Output)[];
}
