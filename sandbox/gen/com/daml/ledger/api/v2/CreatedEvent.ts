// Original file: com/daml/ledger/api/v2/event.proto

import type { Identifier as _com_daml_ledger_api_v2_Identifier, Identifier__Output as _com_daml_ledger_api_v2_Identifier__Output } from '../../../../../com/daml/ledger/api/v2/Identifier.js';
import type { Value as _com_daml_ledger_api_v2_Value, Value__Output as _com_daml_ledger_api_v2_Value__Output } from '../../../../../com/daml/ledger/api/v2/Value.js';
import type { Record as _com_daml_ledger_api_v2_Record, Record__Output as _com_daml_ledger_api_v2_Record__Output } from '../../../../../com/daml/ledger/api/v2/Record.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface CreatedEvent {
  'offset'?: (number | string | Long);
  'node_id'?: (number);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier | null);
  'contract_key'?: (_com_daml_ledger_api_v2_Value | null);
  'create_arguments'?: (_com_daml_ledger_api_v2_Record | null);
  'created_event_blob'?: (Buffer | Uint8Array | string);
  'witness_parties'?: (string)[];
  'signatories'?: (string)[];
  'observers'?: (string)[];
  'created_at'?: (_google_protobuf_Timestamp | null);
  'package_name'?: (string);
  'acs_delta'?: (boolean);
  'representative_package_id'?: (string);
  'contract_key_hash'?: (Buffer | Uint8Array | string);
}

export interface CreatedEvent__Output {
  'offset'?: (string);
  'node_id'?: (number);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier__Output);
  'contract_key'?: (_com_daml_ledger_api_v2_Value__Output);
  'create_arguments'?: (_com_daml_ledger_api_v2_Record__Output);
  'created_event_blob'?: (Buffer);
  'witness_parties': (string)[];
  'signatories': (string)[];
  'observers': (string)[];
  'created_at'?: (_google_protobuf_Timestamp__Output);
  'package_name'?: (string);
  'acs_delta'?: (boolean);
  'representative_package_id'?: (string);
  'contract_key_hash'?: (Buffer);
}
