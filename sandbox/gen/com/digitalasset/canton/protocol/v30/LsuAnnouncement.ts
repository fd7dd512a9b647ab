// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';

export interface LsuAnnouncement {
  'successor_physical_synchronizer_id'?: (string);
  'upgrade_time'?: (_google_protobuf_Timestamp | null);
}

export interface LsuAnnouncement__Output {
  'successor_physical_synchronizer_id'?: (string);
  'upgrade_time'?: (_google_protobuf_Timestamp__Output);
}
