// Original file: com/daml/ledger/api/v1/command_service.proto

import type { Transaction as _com_daml_ledger_api_v1_Transaction, Transaction__Output as _com_daml_ledger_api_v1_Transaction__Output } from '../../../../../com/daml/ledger/api/v1/Transaction.js';

export interface SubmitAndWaitForTransactionResponse {
  'transaction'?: (_com_daml_ledger_api_v1_Transaction | null);
  'completion_offset'?: (string);
}

export interface SubmitAndWaitForTransactionResponse__Output {
  'transaction'?: (_com_daml_ledger_api_v1_Transaction__Output);
  'completion_offset'?: (string);
}
