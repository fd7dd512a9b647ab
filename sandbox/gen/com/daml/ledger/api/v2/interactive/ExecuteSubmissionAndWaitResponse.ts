// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Long } from '@grpc/proto-loader';

export interface ExecuteSubmissionAndWaitResponse {
  'update_id'?: (string);
  'completion_offset'?: (number | string | Long);
}

export interface ExecuteSubmissionAndWaitResponse__Output {
  'update_id'?: (string);
  'completion_offset'?: (string);
}
