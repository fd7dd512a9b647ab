// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface CounterParticipantInfo {
  'counter_participant_uid'?: (string);
  'synchronizer_id'?: (string);
  'intervals_behind'?: (number | string | Long);
  'behind_since'?: (_google_protobuf_Duration | null);
  'as_of_sequencing_timestamp'?: (_google_protobuf_Timestamp | null);
}

export interface CounterParticipantInfo__Output {
  'counter_participant_uid'?: (string);
  'synchronizer_id'?: (string);
  'intervals_behind'?: (string);
  'behind_since'?: (_google_protobuf_Duration__Output);
  'as_of_sequencing_timestamp'?: (_google_protobuf_Timestamp__Output);
}
