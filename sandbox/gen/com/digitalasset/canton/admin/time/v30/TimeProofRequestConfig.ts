// Original file: com/digitalasset/canton/admin/time/v30/time_tracker_config.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface TimeProofRequestConfig {
  'initial_retry_delay'?: (_google_protobuf_Duration | null);
  'max_retry_delay'?: (_google_protobuf_Duration | null);
  'max_sequencing_delay'?: (_google_protobuf_Duration | null);
}

export interface TimeProofRequestConfig__Output {
  'initial_retry_delay'?: (_google_protobuf_Duration__Output);
  'max_retry_delay'?: (_google_protobuf_Duration__Output);
  'max_sequencing_delay'?: (_google_protobuf_Duration__Output);
}
