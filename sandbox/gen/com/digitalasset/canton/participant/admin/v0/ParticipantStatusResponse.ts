// Original file: com/digitalasset/canton/participant/admin/v0/participant_status_service.proto

import type { NotInitialized as _com_digitalasset_canton_health_admin_v1_NotInitialized, NotInitialized__Output as _com_digitalasset_canton_health_admin_v1_NotInitialized__Output } from '../../../../../../com/digitalasset/canton/health/admin/v1/NotInitialized.js';
import type { Status as _com_digitalasset_canton_health_admin_v1_Status, Status__Output as _com_digitalasset_canton_health_admin_v1_Status__Output } from '../../../../../../com/digitalasset/canton/health/admin/v1/Status.js';

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ConnectedDomain {
  'domain_id'?: (string);
  'healthy'?: (boolean);
}

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ConnectedDomain__Output {
  'domain_id'?: (string);
  'healthy'?: (boolean);
}

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_Failure {
  'error_message'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_Failure__Output {
  'error_message'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ParticipantStatus {
  'common_status'?: (_com_digitalasset_canton_health_admin_v1_Status | null);
  'connected_domains'?: (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ConnectedDomain)[];
  'active'?: (boolean);
  'supported_protocol_versions'?: (number)[];
}

export interface _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ParticipantStatus__Output {
  'common_status'?: (_com_digitalasset_canton_health_admin_v1_Status__Output);
  'connected_domains': (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ConnectedDomain__Output)[];
  'active'?: (boolean);
  'supported_protocol_versions': (number)[];
}

export interface ParticipantStatusResponse {
  'status'?: (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ParticipantStatus | null);
  'unavailable'?: (_com_digitalasset_canton_health_admin_v1_NotInitialized | null);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_Failure | null);
  'kind'?: "status"|"unavailable"|"failure";
}

export interface ParticipantStatusResponse__Output {
  'status'?: (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_ParticipantStatus__Output);
  'unavailable'?: (_com_digitalasset_canton_health_admin_v1_NotInitialized__Output);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse_Failure__Output);
  'kind'?: "status"|"unavailable"|"failure";
}
