// Original file: com/daml/ledger/api/v2/state_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetLedgerEndResponse {
  'offset'?: (number | string | Long);
}

export interface GetLedgerEndResponse__Output {
  'offset'?: (string);
}
