// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { LedgerOffset as _com_daml_ledger_api_v1_LedgerOffset, LedgerOffset__Output as _com_daml_ledger_api_v1_LedgerOffset__Output } from '../../../../../com/daml/ledger/api/v1/LedgerOffset.js';
import type { TransactionFilter as _com_daml_ledger_api_v1_TransactionFilter, TransactionFilter__Output as _com_daml_ledger_api_v1_TransactionFilter__Output } from '../../../../../com/daml/ledger/api/v1/TransactionFilter.js';

export interface GetTransactionsRequest {
  'ledger_id'?: (string);
  'begin'?: (_com_daml_ledger_api_v1_LedgerOffset | null);
  'end'?: (_com_daml_ledger_api_v1_LedgerOffset | null);
  'filter'?: (_com_daml_ledger_api_v1_TransactionFilter | null);
  'verbose'?: (boolean);
}

export interface GetTransactionsRequest__Output {
  'ledger_id'?: (string);
  'begin'?: (_com_daml_ledger_api_v1_LedgerOffset__Output);
  'end'?: (_com_daml_ledger_api_v1_LedgerOffset__Output);
  'filter'?: (_com_daml_ledger_api_v1_TransactionFilter__Output);
  'verbose'?: (boolean);
}
