// Original file: com/daml/ledger/api/v1/active_contracts_service.proto

import type { TransactionFilter as _com_daml_ledger_api_v1_TransactionFilter, TransactionFilter__Output as _com_daml_ledger_api_v1_TransactionFilter__Output } from '../../../../../com/daml/ledger/api/v1/TransactionFilter.js';

export interface GetActiveContractsRequest {
  'ledger_id'?: (string);
  'filter'?: (_com_daml_ledger_api_v1_TransactionFilter | null);
  'verbose'?: (boolean);
  'active_at_offset'?: (string);
}

export interface GetActiveContractsRequest__Output {
  'ledger_id'?: (string);
  'filter'?: (_com_daml_ledger_api_v1_TransactionFilter__Output);
  'verbose'?: (boolean);
  'active_at_offset'?: (string);
}
