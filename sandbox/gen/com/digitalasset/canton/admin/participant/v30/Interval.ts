// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface Interval {
  'start_tick_exclusive'?: (_google_protobuf_Timestamp | null);
  'end_tick_inclusive'?: (_google_protobuf_Timestamp | null);
}

export interface Interval__Output {
  'start_tick_exclusive'?: (_google_protobuf_Timestamp__Output);
  'end_tick_inclusive'?: (_google_protobuf_Timestamp__Output);
}
