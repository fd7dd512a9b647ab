// Original file: com/daml/ledger/api/v2/event_format.proto

import type { WildcardFilter as _com_daml_ledger_api_v2_WildcardFilter, WildcardFilter__Output as _com_daml_ledger_api_v2_WildcardFilter__Output } from '../../../../../com/daml/ledger/api/v2/WildcardFilter.js';
import type { TemplateFilter as _com_daml_ledger_api_v2_TemplateFilter, TemplateFilter__Output as _com_daml_ledger_api_v2_TemplateFilter__Output } from '../../../../../com/daml/ledger/api/v2/TemplateFilter.js';

export interface CumulativeFilter {
  'wildcard_filter'?: (_com_daml_ledger_api_v2_WildcardFilter | null);
  'template_filter'?: (_com_daml_ledger_api_v2_TemplateFilter | null);
  'identifier_filter'?: "wildcard_filter"|"template_filter";
}

export interface CumulativeFilter__Output {
  'wildcard_filter'?: (_com_daml_ledger_api_v2_WildcardFilter__Output);
  'template_filter'?: (_com_daml_ledger_api_v2_TemplateFilter__Output);
  'identifier_filter'?: "wildcard_filter"|"template_filter";
}
