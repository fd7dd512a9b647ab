// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

export interface ExportPartyAcsRequest {
  'party_id'?: (string);
  'synchronizer_id'?: (string);
  'target_participant_uid'?: (string);
  'begin_offset_exclusive'?: (number | string | Long);
  'wait_for_activation_timeout'?: (_google_protobuf_Duration | null);
}

export interface ExportPartyAcsRequest__Output {
  'party_id'?: (string);
  'synchronizer_id'?: (string);
  'target_participant_uid'?: (string);
  'begin_offset_exclusive'?: (string);
  'wait_for_activation_timeout'?: (_google_protobuf_Duration__Output);
}
