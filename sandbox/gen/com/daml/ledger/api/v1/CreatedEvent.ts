// Original file: com/daml/ledger/api/v1/event.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';
import type { Record as _com_daml_ledger_api_v1_Record, Record__Output as _com_daml_ledger_api_v1_Record__Output } from '../../../../../com/daml/ledger/api/v1/Record.js';
import type { StringValue as _google_protobuf_StringValue, StringValue__Output as _google_protobuf_StringValue__Output } from '../../../../../google/protobuf/StringValue.js';
import type { Value as _com_daml_ledger_api_v1_Value, Value__Output as _com_daml_ledger_api_v1_Value__Output } from '../../../../../com/daml/ledger/api/v1/Value.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';

export interface CreatedEvent {
  'event_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'create_arguments'?: (_com_daml_ledger_api_v1_Record | null);
  'witness_parties'?: (string)[];
  'agreement_text'?: (_google_protobuf_StringValue | null);
  'contract_key'?: (_com_daml_ledger_api_v1_Value | null);
  'signatories'?: (string)[];
  'observers'?: (string)[];
  'created_event_blob'?: (Buffer | Uint8Array | string);
  'created_at'?: (_google_protobuf_Timestamp | null);
  'package_name'?: (_google_protobuf_StringValue | null);
}

export interface CreatedEvent__Output {
  'event_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'create_arguments'?: (_com_daml_ledger_api_v1_Record__Output);
  'witness_parties': (string)[];
  'agreement_text'?: (_google_protobuf_StringValue__Output);
  'contract_key'?: (_com_daml_ledger_api_v1_Value__Output);
  'signatories': (string)[];
  'observers': (string)[];
  'created_event_blob'?: (Buffer);
  'created_at'?: (_google_protobuf_Timestamp__Output);
  'package_name'?: (_google_protobuf_StringValue__Output);
}
