// Original file: com/digitalasset/canton/admin/participant/v30/traffic_control_service.proto

import type { Long } from '@grpc/proto-loader';

export interface TrafficState {
  'extra_traffic_purchased'?: (number | string | Long);
  'extra_traffic_consumed'?: (number | string | Long);
  'base_traffic_remainder'?: (number | string | Long);
  'last_consumed_cost'?: (number | string | Long);
  'timestamp'?: (number | string | Long);
  'serial'?: (number);
  '_serial'?: "serial";
}

export interface TrafficState__Output {
  'extra_traffic_purchased'?: (string);
  'extra_traffic_consumed'?: (string);
  'base_traffic_remainder'?: (string);
  'last_consumed_cost'?: (string);
  'timestamp'?: (string);
  'serial'?: (number);
  '_serial'?: "serial";
}
