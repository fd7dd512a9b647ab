// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface GetHighestOffsetByTimestampRequest {
  'synchronizer_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp | null);
  'force'?: (boolean);
}

export interface GetHighestOffsetByTimestampRequest__Output {
  'synchronizer_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp__Output);
  'force'?: (boolean);
}
