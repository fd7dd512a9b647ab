// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface CostEstimation {
  'estimation_timestamp'?: (_google_protobuf_Timestamp | null);
  'confirmation_request_traffic_cost_estimation'?: (number | string | Long);
  'confirmation_response_traffic_cost_estimation'?: (number | string | Long);
  'total_traffic_cost_estimation'?: (number | string | Long);
}

export interface CostEstimation__Output {
  'estimation_timestamp'?: (_google_protobuf_Timestamp__Output);
  'confirmation_request_traffic_cost_estimation'?: (string);
  'confirmation_response_traffic_cost_estimation'?: (string);
  'total_traffic_cost_estimation'?: (string);
}
