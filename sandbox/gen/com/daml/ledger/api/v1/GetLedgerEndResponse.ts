// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { LedgerOffset as _com_daml_ledger_api_v1_LedgerOffset, LedgerOffset__Output as _com_daml_ledger_api_v1_LedgerOffset__Output } from '../../../../../com/daml/ledger/api/v1/LedgerOffset.js';

export interface GetLedgerEndResponse {
  'offset'?: (_com_daml_ledger_api_v1_LedgerOffset | null);
}

export interface GetLedgerEndResponse__Output {
  'offset'?: (_com_daml_ledger_api_v1_LedgerOffset__Output);
}
