// Original file: com/digitalasset/canton/participant/admin/v0/inspection_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request {
  'timestamp'?: (_google_protobuf_Timestamp | null);
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Request__Output {
  'timestamp'?: (_google_protobuf_Timestamp__Output);
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response {
  'offset'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupOffsetByTime_Response__Output {
  'offset'?: (string);
}

export interface LookupOffsetByTime {
}

export interface LookupOffsetByTime__Output {
}
