// Original file: com/digitalasset/canton/participant/admin/v0/participant_status_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ParticipantStatusRequest as _com_digitalasset_canton_participant_admin_v0_ParticipantStatusRequest, ParticipantStatusRequest__Output as _com_digitalasset_canton_participant_admin_v0_ParticipantStatusRequest__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/ParticipantStatusRequest.js';
import type { ParticipantStatusResponse as _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse, ParticipantStatusResponse__Output as _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/ParticipantStatusResponse.js';

export interface ParticipantStatusServiceDefinition {
  ParticipantStatus: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_ParticipantStatusRequest, _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse, _com_digitalasset_canton_participant_admin_v0_ParticipantStatusRequest__Output, _com_digitalasset_canton_participant_admin_v0_ParticipantStatusResponse__Output>
}
