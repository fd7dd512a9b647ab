// Original file: com/digitalasset/canton/participant/admin/v0/pruning_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface GetSafePruningOffsetRequest {
  'before_or_at'?: (_google_protobuf_Timestamp | null);
  'ledger_end'?: (string);
}

export interface GetSafePruningOffsetRequest__Output {
  'before_or_at'?: (_google_protobuf_Timestamp__Output);
  'ledger_end'?: (string);
}
