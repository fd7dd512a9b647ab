// Original file: com/daml/ledger/api/v2/event_format.proto

import type { Filters as _com_daml_ledger_api_v2_Filters, Filters__Output as _com_daml_ledger_api_v2_Filters__Output } from '../../../../../com/daml/ledger/api/v2/Filters.js';

export interface EventFormat {
  'filters_by_party'?: ({[key: string]: _com_daml_ledger_api_v2_Filters});
  'filters_for_any_party'?: (_com_daml_ledger_api_v2_Filters | null);
  'verbose'?: (boolean);
}

export interface EventFormat__Output {
  'filters_by_party'?: ({[key: string]: _com_daml_ledger_api_v2_Filters__Output});
  'filters_for_any_party'?: (_com_daml_ledger_api_v2_Filters__Output);
  'verbose'?: (boolean);
}
