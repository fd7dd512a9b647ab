// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { Transaction as _com_daml_ledger_api_v1_Transaction, Transaction__Output as _com_daml_ledger_api_v1_Transaction__Output } from '../../../../../com/daml/ledger/api/v1/Transaction.js';

export interface GetTransactionsResponse {
  'transactions'?: (_com_daml_ledger_api_v1_Transaction)[];
}

export interface GetTransactionsResponse__Output {
  'transactions': (_com_daml_ledger_api_v1_Transaction__Output)[];
}
