// Original file: com/daml/ledger/api/v1/transaction_filter.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';
import type { TemplateFilter as _com_daml_ledger_api_v1_TemplateFilter, TemplateFilter__Output as _com_daml_ledger_api_v1_TemplateFilter__Output } from '../../../../../com/daml/ledger/api/v1/TemplateFilter.js';

export interface InclusiveFilters {
  'template_ids'?: (_com_daml_ledger_api_v1_Identifier)[];
  'template_filters'?: (_com_daml_ledger_api_v1_TemplateFilter)[];
}

export interface InclusiveFilters__Output {
  'template_ids': (_com_daml_ledger_api_v1_Identifier__Output)[];
  'template_filters': (_com_daml_ledger_api_v1_TemplateFilter__Output)[];
}
