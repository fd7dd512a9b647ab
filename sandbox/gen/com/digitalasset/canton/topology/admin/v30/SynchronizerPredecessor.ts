// Original file: com/digitalasset/canton/topology/admin/v30/common.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface SynchronizerPredecessor {
  'predecessor_physical_id'?: (string);
  'upgrade_time'?: (_google_protobuf_Timestamp | null);
  'is_late_upgrade'?: (boolean);
}

export interface SynchronizerPredecessor__Output {
  'predecessor_physical_id'?: (string);
  'upgrade_time'?: (_google_protobuf_Timestamp__Output);
  'is_late_upgrade'?: (boolean);
}
