// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface OpenCommitmentRequest {
  'commitment'?: (Buffer | Uint8Array | string);
  'physical_synchronizer_id'?: (string);
  'computed_for_counter_participant_uid'?: (string);
  'period_end_tick'?: (_google_protobuf_Timestamp | null);
}

export interface OpenCommitmentRequest__Output {
  'commitment'?: (Buffer);
  'physical_synchronizer_id'?: (string);
  'computed_for_counter_participant_uid'?: (string);
  'period_end_tick'?: (_google_protobuf_Timestamp__Output);
}
