// Original file: com/daml/ledger/api/v2/transaction.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Event as _com_daml_ledger_api_v2_Event, Event__Output as _com_daml_ledger_api_v2_Event__Output } from '../../../../../com/daml/ledger/api/v2/Event.js';
import type { TraceContext as _com_daml_ledger_api_v2_TraceContext, TraceContext__Output as _com_daml_ledger_api_v2_TraceContext__Output } from '../../../../../com/daml/ledger/api/v2/TraceContext.js';
import type { Long } from '@grpc/proto-loader';

export interface Transaction {
  'update_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'effective_at'?: (_google_protobuf_Timestamp | null);
  'events'?: (_com_daml_ledger_api_v2_Event)[];
  'offset'?: (number | string | Long);
  'synchronizer_id'?: (string);
  'trace_context'?: (_com_daml_ledger_api_v2_TraceContext | null);
  'record_time'?: (_google_protobuf_Timestamp | null);
  'external_transaction_hash'?: (Buffer | Uint8Array | string);
  'paid_traffic_cost'?: (number | string | Long);
  '_external_transaction_hash'?: "external_transaction_hash";
  '_paid_traffic_cost'?: "paid_traffic_cost";
}

export interface Transaction__Output {
  'update_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'effective_at'?: (_google_protobuf_Timestamp__Output);
  'events': (_com_daml_ledger_api_v2_Event__Output)[];
  'offset'?: (string);
  'synchronizer_id'?: (string);
  'trace_context'?: (_com_daml_ledger_api_v2_TraceContext__Output);
  'record_time'?: (_google_protobuf_Timestamp__Output);
  'external_transaction_hash'?: (Buffer);
  'paid_traffic_cost'?: (string);
  '_external_transaction_hash'?: "external_transaction_hash";
  '_paid_traffic_cost'?: "paid_traffic_cost";
}
