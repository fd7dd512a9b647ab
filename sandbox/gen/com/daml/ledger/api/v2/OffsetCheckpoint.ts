// Original file: com/daml/ledger/api/v2/update_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface _com_daml_ledger_api_v2_OffsetCheckpoint_SynchronizerTime {
  'synchronizer_id'?: (string);
  'record_time'?: (_google_protobuf_Timestamp | null);
}

export interface _com_daml_ledger_api_v2_OffsetCheckpoint_SynchronizerTime__Output {
  'synchronizer_id'?: (string);
  'record_time'?: (_google_protobuf_Timestamp__Output);
}

export interface OffsetCheckpoint {
  'offset'?: (number | string | Long);
  'synchronizer_times'?: (_com_daml_ledger_api_v2_OffsetCheckpoint_SynchronizerTime)[];
}

export interface OffsetCheckpoint__Output {
  'offset'?: (string);
  'synchronizer_times': (_com_daml_ledger_api_v2_OffsetCheckpoint_SynchronizerTime__Output)[];
}
