// Original file: com/digitalasset/canton/admin/participant/v30/ping_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface PingRequest {
  'target_parties'?: (string)[];
  'validators'?: (string)[];
  'timeout'?: (_google_protobuf_Duration | null);
  'levels'?: (number);
  'synchronizer_id'?: (string);
  'workflow_id'?: (string);
  'id'?: (string);
}

export interface PingRequest__Output {
  'target_parties': (string)[];
  'validators': (string)[];
  'timeout'?: (_google_protobuf_Duration__Output);
  'levels'?: (number);
  'synchronizer_id'?: (string);
  'workflow_id'?: (string);
  'id'?: (string);
}
