// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { Signature as _com_digitalasset_canton_crypto_v30_Signature, Signature__Output as _com_digitalasset_canton_crypto_v30_Signature__Output } from '../../../../../com/digitalasset/canton/crypto/v30/Signature.js';
import type { MultiTransactionSignatures as _com_digitalasset_canton_protocol_v30_MultiTransactionSignatures, MultiTransactionSignatures__Output as _com_digitalasset_canton_protocol_v30_MultiTransactionSignatures__Output } from '../../../../../com/digitalasset/canton/protocol/v30/MultiTransactionSignatures.js';

export interface SignedTopologyTransaction {
  'transaction'?: (Buffer | Uint8Array | string);
  'signatures'?: (_com_digitalasset_canton_crypto_v30_Signature)[];
  'proposal'?: (boolean);
  'multi_transaction_signatures'?: (_com_digitalasset_canton_protocol_v30_MultiTransactionSignatures)[];
}

export interface SignedTopologyTransaction__Output {
  'transaction'?: (Buffer);
  'signatures': (_com_digitalasset_canton_crypto_v30_Signature__Output)[];
  'proposal'?: (boolean);
  'multi_transaction_signatures': (_com_digitalasset_canton_protocol_v30_MultiTransactionSignatures__Output)[];
}
