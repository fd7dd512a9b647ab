// Original file: com/daml/ledger/api/v2/state_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetLatestPrunedOffsetsResponse {
  'participant_pruned_up_to_inclusive'?: (number | string | Long);
  'all_divulged_contracts_pruned_up_to_inclusive'?: (number | string | Long);
}

export interface GetLatestPrunedOffsetsResponse__Output {
  'participant_pruned_up_to_inclusive'?: (string);
  'all_divulged_contracts_pruned_up_to_inclusive'?: (string);
}
