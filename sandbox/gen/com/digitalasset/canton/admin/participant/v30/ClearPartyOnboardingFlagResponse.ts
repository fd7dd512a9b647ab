// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface ClearPartyOnboardingFlagResponse {
  'onboarded'?: (boolean);
  'earliest_retry_timestamp'?: (_google_protobuf_Timestamp | null);
  '_earliest_retry_timestamp'?: "earliest_retry_timestamp";
}

export interface ClearPartyOnboardingFlagResponse__Output {
  'onboarded'?: (boolean);
  'earliest_retry_timestamp'?: (_google_protobuf_Timestamp__Output);
  '_earliest_retry_timestamp'?: "earliest_retry_timestamp";
}
