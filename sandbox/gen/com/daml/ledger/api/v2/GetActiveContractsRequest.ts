// Original file: com/daml/ledger/api/v2/state_service.proto

import type { EventFormat as _com_daml_ledger_api_v2_EventFormat, EventFormat__Output as _com_daml_ledger_api_v2_EventFormat__Output } from '../../../../../com/daml/ledger/api/v2/EventFormat.js';
import type { Long } from '@grpc/proto-loader';

export interface GetActiveContractsRequest {
  'active_at_offset'?: (number | string | Long);
  'event_format'?: (_com_daml_ledger_api_v2_EventFormat | null);
  'stream_continuation_token'?: (Buffer | Uint8Array | string);
  '_stream_continuation_token'?: "stream_continuation_token";
}

export interface GetActiveContractsRequest__Output {
  'active_at_offset'?: (string);
  'event_format'?: (_com_daml_ledger_api_v2_EventFormat__Output);
  'stream_continuation_token'?: (Buffer);
  '_stream_continuation_token'?: "stream_continuation_token";
}
