// Original file: com/daml/ledger/api/v1/value.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';
import type { RecordField as _com_daml_ledger_api_v1_RecordField, RecordField__Output as _com_daml_ledger_api_v1_RecordField__Output } from '../../../../../com/daml/ledger/api/v1/RecordField.js';

export interface Record {
  'record_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'fields'?: (_com_daml_ledger_api_v1_RecordField)[];
}

export interface Record__Output {
  'record_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'fields': (_com_daml_ledger_api_v1_RecordField__Output)[];
}
