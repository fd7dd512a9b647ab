// Original file: com/digitalasset/canton/participant/admin/v0/ping_pong_service.proto

import type { Long } from '@grpc/proto-loader';

export interface PingRequest {
  'target_parties'?: (string)[];
  'validators'?: (string)[];
  'timeout_milliseconds'?: (number | string | Long);
  'levels'?: (number | string | Long);
  'grace_period_milliseconds'?: (number | string | Long);
  'workflow_id'?: (string);
  'id'?: (string);
}

export interface PingRequest__Output {
  'target_parties': (string)[];
  'validators': (string)[];
  'timeout_milliseconds'?: (string);
  'levels'?: (string);
  'grace_period_milliseconds'?: (string);
  'workflow_id'?: (string);
  'id'?: (string);
}
