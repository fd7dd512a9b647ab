// Original file: com/daml/ledger/api/v2/crypto.proto

import type { SignatureFormat as _com_daml_ledger_api_v2_SignatureFormat, SignatureFormat__Output as _com_daml_ledger_api_v2_SignatureFormat__Output } from '../../../../../com/daml/ledger/api/v2/SignatureFormat.js';
import type { SigningAlgorithmSpec as _com_daml_ledger_api_v2_SigningAlgorithmSpec, SigningAlgorithmSpec__Output as _com_daml_ledger_api_v2_SigningAlgorithmSpec__Output } from '../../../../../com/daml/ledger/api/v2/SigningAlgorithmSpec.js';

export interface Signature {
  'format'?: (_com_daml_ledger_api_v2_SignatureFormat);
  'signature'?: (Buffer | Uint8Array | string);
  'signed_by'?: (string);
  'signing_algorithm_spec'?: (_com_daml_ledger_api_v2_SigningAlgorithmSpec);
}

export interface Signature__Output {
  'format'?: (_com_daml_ledger_api_v2_SignatureFormat__Output);
  'signature'?: (Buffer);
  'signed_by'?: (string);
  'signing_algorithm_spec'?: (_com_daml_ledger_api_v2_SigningAlgorithmSpec__Output);
}
