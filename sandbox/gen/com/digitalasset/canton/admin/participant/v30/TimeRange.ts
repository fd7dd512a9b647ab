// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface TimeRange {
  'from_exclusive'?: (_google_protobuf_Timestamp | null);
  'to_inclusive'?: (_google_protobuf_Timestamp | null);
}

export interface TimeRange__Output {
  'from_exclusive'?: (_google_protobuf_Timestamp__Output);
  'to_inclusive'?: (_google_protobuf_Timestamp__Output);
}
