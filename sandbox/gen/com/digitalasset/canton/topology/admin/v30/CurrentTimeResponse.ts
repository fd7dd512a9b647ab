// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto

import type { Long } from '@grpc/proto-loader';

export interface CurrentTimeResponse {
  'current_time'?: (number | string | Long);
}

export interface CurrentTimeResponse__Output {
  'current_time'?: (string);
}
