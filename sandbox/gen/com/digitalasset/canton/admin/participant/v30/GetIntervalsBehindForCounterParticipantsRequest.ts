// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetIntervalsBehindForCounterParticipantsRequest {
  'counter_participant_ids'?: (string)[];
  'synchronizer_ids'?: (string)[];
  'threshold'?: (number | string | Long);
  '_threshold'?: "threshold";
}

export interface GetIntervalsBehindForCounterParticipantsRequest__Output {
  'counter_participant_ids': (string)[];
  'synchronizer_ids': (string)[];
  'threshold'?: (string);
  '_threshold'?: "threshold";
}
