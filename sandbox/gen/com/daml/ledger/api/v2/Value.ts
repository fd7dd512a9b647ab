// Original file: com/daml/ledger/api/v2/value.proto

import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../google/protobuf/Empty.js';
import type { Record as _com_daml_ledger_api_v2_Record, Record__Output as _com_daml_ledger_api_v2_Record__Output } from '../../../../../com/daml/ledger/api/v2/Record.js';
import type { Long } from '@grpc/proto-loader';

export interface Value {
  'unit'?: (_google_protobuf_Empty | null);
  'bool'?: (boolean);
  'int64'?: (number | string | Long);
  'numeric'?: (string);
  'party'?: (string);
  'text'?: (string);
  'contract_id'?: (string);
  'record'?: (_com_daml_ledger_api_v2_Record | null);
  'sum'?: "unit"|"bool"|"int64"|"numeric"|"party"|"text"|"contract_id"|"record";
}

export interface Value__Output {
  'unit'?: (_google_protobuf_Empty__Output);
  'bool'?: (boolean);
  'int64'?: (string);
  'numeric'?: (string);
  'party'?: (string);
  'text'?: (string);
  'contract_id'?: (string);
  'record'?: (_com_daml_ledger_api_v2_Record__Output);
  'sum'?: "unit"|"bool"|"int64"|"numeric"|"party"|"text"|"contract_id"|"record";
}
