// Original file: com/digitalasset/canton/time/admin/v0/time_tracker_config.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { TimeProofRequestConfig as _com_digitalasset_canton_time_admin_v0_TimeProofRequestConfig, TimeProofRequestConfig__Output as _com_digitalasset_canton_time_admin_v0_TimeProofRequestConfig__Output } from '../../../../../../com/digitalasset/canton/time/admin/v0/TimeProofRequestConfig.js';

export interface DomainTimeTrackerConfig {
  'observationLatency'?: (_google_protobuf_Duration | null);
  'patienceDuration'?: (_google_protobuf_Duration | null);
  'minObservationDuration'?: (_google_protobuf_Duration | null);
  'timeProofRequest'?: (_com_digitalasset_canton_time_admin_v0_TimeProofRequestConfig | null);
}

export interface DomainTimeTrackerConfig__Output {
  'observationLatency'?: (_google_protobuf_Duration__Output);
  'patienceDuration'?: (_google_protobuf_Duration__Output);
  'minObservationDuration'?: (_google_protobuf_Duration__Output);
  'timeProofRequest'?: (_com_digitalasset_canton_time_admin_v0_TimeProofRequestConfig__Output);
}
