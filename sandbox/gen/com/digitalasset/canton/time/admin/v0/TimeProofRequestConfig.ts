// Original file: com/digitalasset/canton/time/admin/v0/time_tracker_config.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface TimeProofRequestConfig {
  'initialRetryDelay'?: (_google_protobuf_Duration | null);
  'maxRetryDelay'?: (_google_protobuf_Duration | null);
  'maxSequencingDelay'?: (_google_protobuf_Duration | null);
}

export interface TimeProofRequestConfig__Output {
  'initialRetryDelay'?: (_google_protobuf_Duration__Output);
  'maxRetryDelay'?: (_google_protobuf_Duration__Output);
  'maxSequencingDelay'?: (_google_protobuf_Duration__Output);
}
