// Original file: com/daml/ledger/api/v1/transaction_filter.proto

import type { Filters as _com_daml_ledger_api_v1_Filters, Filters__Output as _com_daml_ledger_api_v1_Filters__Output } from '../../../../../com/daml/ledger/api/v1/Filters.js';

export interface TransactionFilter {
  'filters_by_party'?: ({[key: string]: _com_daml_ledger_api_v1_Filters});
}

export interface TransactionFilter__Output {
  'filters_by_party'?: ({[key: string]: _com_daml_ledger_api_v1_Filters__Output});
}
