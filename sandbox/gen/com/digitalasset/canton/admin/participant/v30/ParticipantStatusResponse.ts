// Original file: com/digitalasset/canton/admin/participant/v30/participant_status_service.proto

import type { NotInitialized as _com_digitalasset_canton_admin_health_v30_NotInitialized, NotInitialized__Output as _com_digitalasset_canton_admin_health_v30_NotInitialized__Output } from '../../../../../../com/digitalasset/canton/admin/health/v30/NotInitialized.js';
import type { Status as _com_digitalasset_canton_admin_health_v30_Status, Status__Output as _com_digitalasset_canton_admin_health_v30_Status__Output } from '../../../../../../com/digitalasset/canton/admin/health/v30/Status.js';

export interface _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer {
  'physical_synchronizer_id'?: (string);
  'health'?: (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health);
}

export interface _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer__Output {
  'physical_synchronizer_id'?: (string);
  'health'?: (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health__Output);
}

// Original file: com/digitalasset/canton/admin/participant/v30/participant_status_service.proto

export const _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health = {
  HEALTH_UNSPECIFIED: 'HEALTH_UNSPECIFIED',
  HEALTH_HEALTHY: 'HEALTH_HEALTHY',
  HEALTH_UNHEALTHY: 'HEALTH_UNHEALTHY',
} as const;

export type _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health =
  | 'HEALTH_UNSPECIFIED'
  | 0
  | 'HEALTH_HEALTHY'
  | 1
  | 'HEALTH_UNHEALTHY'
  | 2

export type _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health__Output = typeof _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health[keyof typeof _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer_Health]

export interface _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus {
  'common_status'?: (_com_digitalasset_canton_admin_health_v30_Status | null);
  'connected_synchronizers'?: (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer)[];
  'active'?: (boolean);
  'supported_protocol_versions'?: (number)[];
}

export interface _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus__Output {
  'common_status'?: (_com_digitalasset_canton_admin_health_v30_Status__Output);
  'connected_synchronizers': (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus_ConnectedSynchronizer__Output)[];
  'active'?: (boolean);
  'supported_protocol_versions': (number)[];
}

export interface ParticipantStatusResponse {
  'status'?: (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus | null);
  'not_initialized'?: (_com_digitalasset_canton_admin_health_v30_NotInitialized | null);
  'kind'?: "status"|"not_initialized";
}

export interface ParticipantStatusResponse__Output {
  'status'?: (_com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse_ParticipantStatusResponseStatus__Output);
  'not_initialized'?: (_com_digitalasset_canton_admin_health_v30_NotInitialized__Output);
  'kind'?: "status"|"not_initialized";
}
