// Original file: com/daml/ledger/api/v2/command_service.proto

import type { Transaction as _com_daml_ledger_api_v2_Transaction, Transaction__Output as _com_daml_ledger_api_v2_Transaction__Output } from '../../../../../com/daml/ledger/api/v2/Transaction.js';

export interface SubmitAndWaitForTransactionResponse {
  'transaction'?: (_com_daml_ledger_api_v2_Transaction | null);
}

export interface SubmitAndWaitForTransactionResponse__Output {
  'transaction'?: (_com_daml_ledger_api_v2_Transaction__Output);
}
