// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../google/protobuf/Duration.js';

export interface DynamicSynchronizerParameters {
  'reconciliation_interval'?: (_google_protobuf_Duration | null);
}

export interface DynamicSynchronizerParameters__Output {
  'reconciliation_interval'?: (_google_protobuf_Duration__Output);
}
