// Original file: com/daml/ledger/api/v2/command_service.proto

import type { Long } from '@grpc/proto-loader';

export interface SubmitAndWaitResponse {
  'update_id'?: (string);
  'completion_offset'?: (number | string | Long);
}

export interface SubmitAndWaitResponse__Output {
  'update_id'?: (string);
  'completion_offset'?: (string);
}
