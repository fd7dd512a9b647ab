// Original file: com/daml/ledger/api/v2/transaction.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { TopologyEvent as _com_daml_ledger_api_v2_TopologyEvent, TopologyEvent__Output as _com_daml_ledger_api_v2_TopologyEvent__Output } from '../../../../../com/daml/ledger/api/v2/TopologyEvent.js';
import type { TraceContext as _com_daml_ledger_api_v2_TraceContext, TraceContext__Output as _com_daml_ledger_api_v2_TraceContext__Output } from '../../../../../com/daml/ledger/api/v2/TraceContext.js';
import type { Long } from '@grpc/proto-loader';

export interface TopologyTransaction {
  'update_id'?: (string);
  'offset'?: (number | string | Long);
  'synchronizer_id'?: (string);
  'record_time'?: (_google_protobuf_Timestamp | null);
  'events'?: (_com_daml_ledger_api_v2_TopologyEvent)[];
  'trace_context'?: (_com_daml_ledger_api_v2_TraceContext | null);
}

export interface TopologyTransaction__Output {
  'update_id'?: (string);
  'offset'?: (string);
  'synchronizer_id'?: (string);
  'record_time'?: (_google_protobuf_Timestamp__Output);
  'events': (_com_daml_ledger_api_v2_TopologyEvent__Output)[];
  'trace_context'?: (_com_daml_ledger_api_v2_TraceContext__Output);
}
