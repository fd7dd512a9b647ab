// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { LedgerBoundary as _com_daml_ledger_api_v1_LedgerBoundary, LedgerBoundary__Output as _com_daml_ledger_api_v1_LedgerBoundary__Output } from '../../../../../com/daml/ledger/api/v1/LedgerBoundary.js';

export interface LedgerOffset {
  'absolute'?: (string);
  'boundary'?: (_com_daml_ledger_api_v1_LedgerBoundary);
  'value'?: "absolute"|"boundary";
}

export interface LedgerOffset__Output {
  'absolute'?: (string);
  'boundary'?: (_com_daml_ledger_api_v1_LedgerBoundary__Output);
  'value'?: "absolute"|"boundary";
}
