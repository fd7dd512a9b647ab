// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

export interface TrafficControlParameters {
  'max_base_traffic_amount'?: (number | string | Long);
  'max_base_traffic_accumulation_duration'?: (_google_protobuf_Duration | null);
  'read_vs_write_scaling_factor'?: (number);
  'set_balance_request_submission_window_size'?: (_google_protobuf_Duration | null);
  'enforce_rate_limiting'?: (boolean);
  'base_event_cost'?: (number | string | Long);
  'free_confirmation_responses'?: (boolean);
  '_base_event_cost'?: "base_event_cost";
}

export interface TrafficControlParameters__Output {
  'max_base_traffic_amount'?: (string);
  'max_base_traffic_accumulation_duration'?: (_google_protobuf_Duration__Output);
  'read_vs_write_scaling_factor'?: (number);
  'set_balance_request_submission_window_size'?: (_google_protobuf_Duration__Output);
  'enforce_rate_limiting'?: (boolean);
  'base_event_cost'?: (string);
  'free_confirmation_responses'?: (boolean);
  '_base_event_cost'?: "base_event_cost";
}
