// Original file: com/daml/ledger/api/v1/value.proto

import type { Record as _com_daml_ledger_api_v1_Record, Record__Output as _com_daml_ledger_api_v1_Record__Output } from '../../../../../com/daml/ledger/api/v1/Record.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../google/protobuf/Empty.js';
import type { Long } from '@grpc/proto-loader';

export interface Value {
  'record'?: (_com_daml_ledger_api_v1_Record | null);
  'contract_id'?: (string);
  'int64'?: (number | string | Long);
  'numeric'?: (string);
  'text'?: (string);
  'party'?: (string);
  'bool'?: (boolean);
  'unit'?: (_google_protobuf_Empty | null);
  'sum'?: "record"|"contract_id"|"int64"|"numeric"|"text"|"party"|"bool"|"unit";
}

export interface Value__Output {
  'record'?: (_com_daml_ledger_api_v1_Record__Output);
  'contract_id'?: (string);
  'int64'?: (string);
  'numeric'?: (string);
  'text'?: (string);
  'party'?: (string);
  'bool'?: (boolean);
  'unit'?: (_google_protobuf_Empty__Output);
  'sum'?: "record"|"contract_id"|"int64"|"numeric"|"text"|"party"|"bool"|"unit";
}
