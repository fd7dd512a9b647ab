// Original file: com/daml/ledger/api/v2/value.proto

import type { Identifier as _com_daml_ledger_api_v2_Identifier, Identifier__Output as _com_daml_ledger_api_v2_Identifier__Output } from '../../../../../com/daml/ledger/api/v2/Identifier.js';
import type { RecordField as _com_daml_ledger_api_v2_RecordField, RecordField__Output as _com_daml_ledger_api_v2_RecordField__Output } from '../../../../../com/daml/ledger/api/v2/RecordField.js';

export interface Record {
  'record_id'?: (_com_daml_ledger_api_v2_Identifier | null);
  'fields'?: (_com_daml_ledger_api_v2_RecordField)[];
}

export interface Record__Output {
  'record_id'?: (_com_daml_ledger_api_v2_Identifier__Output);
  'fields': (_com_daml_ledger_api_v2_RecordField__Output)[];
}
