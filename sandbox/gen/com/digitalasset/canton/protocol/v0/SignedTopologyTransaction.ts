// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v0_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v0_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v0/SigningPublicKey.js';
import type { Signature as _com_digitalasset_canton_crypto_v0_Signature, Signature__Output as _com_digitalasset_canton_crypto_v0_Signature__Output } from '../../../../../com/digitalasset/canton/crypto/v0/Signature.js';

export interface SignedTopologyTransaction {
  'transaction'?: (Buffer | Uint8Array | string);
  'key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey | null);
  'signature'?: (_com_digitalasset_canton_crypto_v0_Signature | null);
}

export interface SignedTopologyTransaction__Output {
  'transaction'?: (Buffer);
  'key'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey__Output);
  'signature'?: (_com_digitalasset_canton_crypto_v0_Signature__Output);
}
