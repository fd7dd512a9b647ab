// Original file: com/daml/ledger/api/v1/value.proto

import type { Value as _com_daml_ledger_api_v1_Value, Value__Output as _com_daml_ledger_api_v1_Value__Output } from '../../../../../com/daml/ledger/api/v1/Value.js';

export interface RecordField {
  'label'?: (string);
  'value'?: (_com_daml_ledger_api_v1_Value | null);
}

export interface RecordField__Output {
  'label'?: (string);
  'value'?: (_com_daml_ledger_api_v1_Value__Output);
}
