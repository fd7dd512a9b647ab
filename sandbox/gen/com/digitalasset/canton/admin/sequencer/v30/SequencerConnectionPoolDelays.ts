// Original file: com/digitalasset/canton/admin/sequencer/v30/sequencer_connection.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface SequencerConnectionPoolDelays {
  'min_restart_delay'?: (_google_protobuf_Duration | null);
  'max_restart_delay'?: (_google_protobuf_Duration | null);
  'subscription_request_delay'?: (_google_protobuf_Duration | null);
  'warn_validation_delay'?: (_google_protobuf_Duration | null);
}

export interface SequencerConnectionPoolDelays__Output {
  'min_restart_delay'?: (_google_protobuf_Duration__Output);
  'max_restart_delay'?: (_google_protobuf_Duration__Output);
  'subscription_request_delay'?: (_google_protobuf_Duration__Output);
  'warn_validation_delay'?: (_google_protobuf_Duration__Output);
}
