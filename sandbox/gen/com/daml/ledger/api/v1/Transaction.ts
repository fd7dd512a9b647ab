// Original file: com/daml/ledger/api/v1/transaction.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Event as _com_daml_ledger_api_v1_Event, Event__Output as _com_daml_ledger_api_v1_Event__Output } from '../../../../../com/daml/ledger/api/v1/Event.js';
import type { TraceContext as _com_daml_ledger_api_v1_TraceContext, TraceContext__Output as _com_daml_ledger_api_v1_TraceContext__Output } from '../../../../../com/daml/ledger/api/v1/TraceContext.js';

export interface Transaction {
  'transaction_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'effective_at'?: (_google_protobuf_Timestamp | null);
  'events'?: (_com_daml_ledger_api_v1_Event)[];
  'offset'?: (string);
  'trace_context'?: (_com_daml_ledger_api_v1_TraceContext | null);
}

export interface Transaction__Output {
  'transaction_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'effective_at'?: (_google_protobuf_Timestamp__Output);
  'events': (_com_daml_ledger_api_v1_Event__Output)[];
  'offset'?: (string);
  'trace_context'?: (_com_daml_ledger_api_v1_TraceContext__Output);
}
