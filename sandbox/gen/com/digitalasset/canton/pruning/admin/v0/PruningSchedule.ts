// Original file: com/digitalasset/canton/pruning/admin/v0/pruning.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface PruningSchedule {
  'cron'?: (string);
  'max_duration'?: (_google_protobuf_Duration | null);
  'retention'?: (_google_protobuf_Duration | null);
}

export interface PruningSchedule__Output {
  'cron'?: (string);
  'max_duration'?: (_google_protobuf_Duration__Output);
  'retention'?: (_google_protobuf_Duration__Output);
}
