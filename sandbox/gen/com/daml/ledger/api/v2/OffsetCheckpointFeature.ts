// Original file: com/daml/ledger/api/v2/version_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../google/protobuf/Duration.js';

export interface OffsetCheckpointFeature {
  'max_offset_checkpoint_emission_delay'?: (_google_protobuf_Duration | null);
}

export interface OffsetCheckpointFeature__Output {
  'max_offset_checkpoint_emission_delay'?: (_google_protobuf_Duration__Output);
}
