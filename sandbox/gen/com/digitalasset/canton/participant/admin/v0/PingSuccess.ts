// Original file: com/digitalasset/canton/participant/admin/v0/ping_pong_service.proto

import type { Long } from '@grpc/proto-loader';

export interface PingSuccess {
  'ping_time'?: (number | string | Long);
  'responder'?: (string);
}

export interface PingSuccess__Output {
  'ping_time'?: (string);
  'responder'?: (string);
}
