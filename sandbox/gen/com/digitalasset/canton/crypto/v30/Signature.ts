// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { SignatureFormat as _com_digitalasset_canton_crypto_v30_SignatureFormat, SignatureFormat__Output as _com_digitalasset_canton_crypto_v30_SignatureFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SignatureFormat.js';
import type { SigningAlgorithmSpec as _com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec, SigningAlgorithmSpec__Output as _com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningAlgorithmSpec.js';
import type { SignatureDelegation as _com_digitalasset_canton_crypto_v30_SignatureDelegation, SignatureDelegation__Output as _com_digitalasset_canton_crypto_v30_SignatureDelegation__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SignatureDelegation.js';

export interface Signature {
  'format'?: (_com_digitalasset_canton_crypto_v30_SignatureFormat);
  'signature'?: (Buffer | Uint8Array | string);
  'signed_by'?: (string);
  'signing_algorithm_spec'?: (_com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec);
  'signature_delegation'?: (_com_digitalasset_canton_crypto_v30_SignatureDelegation | null);
  '_signature_delegation'?: "signature_delegation";
}

export interface Signature__Output {
  'format'?: (_com_digitalasset_canton_crypto_v30_SignatureFormat__Output);
  'signature'?: (Buffer);
  'signed_by'?: (string);
  'signing_algorithm_spec'?: (_com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec__Output);
  'signature_delegation'?: (_com_digitalasset_canton_crypto_v30_SignatureDelegation__Output);
  '_signature_delegation'?: "signature_delegation";
}
