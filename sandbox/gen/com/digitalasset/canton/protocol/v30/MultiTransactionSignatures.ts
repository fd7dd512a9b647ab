// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { Signature as _com_digitalasset_canton_crypto_v30_Signature, Signature__Output as _com_digitalasset_canton_crypto_v30_Signature__Output } from '../../../../../com/digitalasset/canton/crypto/v30/Signature.js';

export interface MultiTransactionSignatures {
  'transaction_hashes'?: (Buffer | Uint8Array | string)[];
  'signatures'?: (_com_digitalasset_canton_crypto_v30_Signature)[];
}

export interface MultiTransactionSignatures__Output {
  'transaction_hashes': (Buffer)[];
  'signatures': (_com_digitalasset_canton_crypto_v30_Signature__Output)[];
}
