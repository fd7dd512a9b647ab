// Original file: com/daml/ledger/api/v2/event_format.proto

import type { CumulativeFilter as _com_daml_ledger_api_v2_CumulativeFilter, CumulativeFilter__Output as _com_daml_ledger_api_v2_CumulativeFilter__Output } from '../../../../../com/daml/ledger/api/v2/CumulativeFilter.js';

export interface Filters {
  'cumulative'?: (_com_daml_ledger_api_v2_CumulativeFilter)[];
}

export interface Filters__Output {
  'cumulative': (_com_daml_ledger_api_v2_CumulativeFilter__Output)[];
}
