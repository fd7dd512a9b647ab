// Original file: com/daml/ledger/api/v1/transaction_filter.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';

export interface TemplateFilter {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'include_created_event_blob'?: (boolean);
}

export interface TemplateFilter__Output {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'include_created_event_blob'?: (boolean);
}
