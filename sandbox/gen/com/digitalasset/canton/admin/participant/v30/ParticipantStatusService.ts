// Original file: com/digitalasset/canton/admin/participant/v30/participant_status_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ParticipantStatusRequest as _com_digitalasset_canton_admin_participant_v30_ParticipantStatusRequest, ParticipantStatusRequest__Output as _com_digitalasset_canton_admin_participant_v30_ParticipantStatusRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ParticipantStatusRequest.js';
import type { ParticipantStatusResponse as _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse, ParticipantStatusResponse__Output as _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ParticipantStatusResponse.js';

export interface ParticipantStatusServiceDefinition {
  ParticipantStatus: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_ParticipantStatusRequest, _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse, _com_digitalasset_canton_admin_participant_v30_ParticipantStatusRequest__Output, _com_digitalasset_canton_admin_participant_v30_ParticipantStatusResponse__Output>
}
