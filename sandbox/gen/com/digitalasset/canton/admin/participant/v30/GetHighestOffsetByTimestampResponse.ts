// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetHighestOffsetByTimestampResponse {
  'ledger_offset'?: (number | string | Long);
}

export interface GetHighestOffsetByTimestampResponse__Output {
  'ledger_offset'?: (string);
}
