// Original file: com/digitalasset/canton/tea/v1/traffic_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetAccountResponse {
  'account_id'?: (string);
  'balance'?: (number | string | Long);
}

export interface GetAccountResponse__Output {
  'account_id'?: (string);
  'balance'?: (string);
}
