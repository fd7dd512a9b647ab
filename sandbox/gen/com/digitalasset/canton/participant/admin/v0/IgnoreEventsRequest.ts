// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto

import type { Long } from '@grpc/proto-loader';

export interface IgnoreEventsRequest {
  'domain_id'?: (string);
  'from_inclusive'?: (number | string | Long);
  'to_inclusive'?: (number | string | Long);
  'force'?: (boolean);
}

export interface IgnoreEventsRequest__Output {
  'domain_id'?: (string);
  'from_inclusive'?: (string);
  'to_inclusive'?: (string);
  'force'?: (boolean);
}
