// Original file: com/digitalasset/canton/admin/time/v30/time_tracker_config.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { TimeProofRequestConfig as _com_digitalasset_canton_admin_time_v30_TimeProofRequestConfig, TimeProofRequestConfig__Output as _com_digitalasset_canton_admin_time_v30_TimeProofRequestConfig__Output } from '../../../../../../com/digitalasset/canton/admin/time/v30/TimeProofRequestConfig.js';

export interface SynchronizerTimeTrackerConfig {
  'observation_latency'?: (_google_protobuf_Duration | null);
  'patience_duration'?: (_google_protobuf_Duration | null);
  'min_observation_duration'?: (_google_protobuf_Duration | null);
  'time_proof_request'?: (_com_digitalasset_canton_admin_time_v30_TimeProofRequestConfig | null);
}

export interface SynchronizerTimeTrackerConfig__Output {
  'observation_latency'?: (_google_protobuf_Duration__Output);
  'patience_duration'?: (_google_protobuf_Duration__Output);
  'min_observation_duration'?: (_google_protobuf_Duration__Output);
  'time_proof_request'?: (_com_digitalasset_canton_admin_time_v30_TimeProofRequestConfig__Output);
}
