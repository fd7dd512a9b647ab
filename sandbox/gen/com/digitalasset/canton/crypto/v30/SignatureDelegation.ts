// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

import type { SigningKeySpec as _com_digitalasset_canton_crypto_v30_SigningKeySpec, SigningKeySpec__Output as _com_digitalasset_canton_crypto_v30_SigningKeySpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeySpec.js';
import type { SignatureFormat as _com_digitalasset_canton_crypto_v30_SignatureFormat, SignatureFormat__Output as _com_digitalasset_canton_crypto_v30_SignatureFormat__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SignatureFormat.js';
import type { SigningAlgorithmSpec as _com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec, SigningAlgorithmSpec__Output as _com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningAlgorithmSpec.js';
import type { Long } from '@grpc/proto-loader';

export interface SignatureDelegation {
  'session_key'?: (Buffer | Uint8Array | string);
  'session_key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec);
  'validity_period_from_inclusive'?: (number | string | Long);
  'validity_period_duration_seconds'?: (number);
  'format'?: (_com_digitalasset_canton_crypto_v30_SignatureFormat);
  'signature'?: (Buffer | Uint8Array | string);
  'signing_algorithm_spec'?: (_com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec);
}

export interface SignatureDelegation__Output {
  'session_key'?: (Buffer);
  'session_key_spec'?: (_com_digitalasset_canton_crypto_v30_SigningKeySpec__Output);
  'validity_period_from_inclusive'?: (string);
  'validity_period_duration_seconds'?: (number);
  'format'?: (_com_digitalasset_canton_crypto_v30_SignatureFormat__Output);
  'signature'?: (Buffer);
  'signing_algorithm_spec'?: (_com_digitalasset_canton_crypto_v30_SigningAlgorithmSpec__Output);
}
