// Original file: com/digitalasset/canton/admin/participant/v30/ping_service.proto

import type { Long } from '@grpc/proto-loader';

export interface PingSuccess {
  'ping_time'?: (number | string | Long);
  'responder'?: (string);
}

export interface PingSuccess__Output {
  'ping_time'?: (string);
  'responder'?: (string);
}
