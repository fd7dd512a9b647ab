// Original file: com/daml/ledger/api/v1/transaction_filter.proto

import type { InclusiveFilters as _com_daml_ledger_api_v1_InclusiveFilters, InclusiveFilters__Output as _com_daml_ledger_api_v1_InclusiveFilters__Output } from '../../../../../com/daml/ledger/api/v1/InclusiveFilters.js';

export interface Filters {
  'inclusive'?: (_com_daml_ledger_api_v1_InclusiveFilters | null);
}

export interface Filters__Output {
  'inclusive'?: (_com_daml_ledger_api_v1_InclusiveFilters__Output);
}
