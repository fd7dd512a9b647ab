// Original file: com/digitalasset/canton/topology/admin/v0/topology_aggregation_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface ListPartiesRequest {
  'as_of'?: (_google_protobuf_Timestamp | null);
  'limit'?: (number);
  'filter_domain'?: (string);
  'filter_party'?: (string);
  'filter_participant'?: (string);
}

export interface ListPartiesRequest__Output {
  'as_of'?: (_google_protobuf_Timestamp__Output);
  'limit'?: (number);
  'filter_domain'?: (string);
  'filter_party'?: (string);
  'filter_participant'?: (string);
}
