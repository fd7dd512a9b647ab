// Original file: com/daml/ledger/api/v2/crypto.proto

import type { CryptoKeyFormat as _com_daml_ledger_api_v2_CryptoKeyFormat, CryptoKeyFormat__Output as _com_daml_ledger_api_v2_CryptoKeyFormat__Output } from '../../../../../com/daml/ledger/api/v2/CryptoKeyFormat.js';
import type { SigningKeySpec as _com_daml_ledger_api_v2_SigningKeySpec, SigningKeySpec__Output as _com_daml_ledger_api_v2_SigningKeySpec__Output } from '../../../../../com/daml/ledger/api/v2/SigningKeySpec.js';

export interface SigningPublicKey {
  'format'?: (_com_daml_ledger_api_v2_CryptoKeyFormat);
  'key_data'?: (Buffer | Uint8Array | string);
  'key_spec'?: (_com_daml_ledger_api_v2_SigningKeySpec);
}

export interface SigningPublicKey__Output {
  'format'?: (_com_daml_ledger_api_v2_CryptoKeyFormat__Output);
  'key_data'?: (Buffer);
  'key_spec'?: (_com_daml_ledger_api_v2_SigningKeySpec__Output);
}
