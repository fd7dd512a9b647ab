// Original file: com/digitalasset/canton/participant/admin/v0/enterprise_participant_replication_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { _com_digitalasset_canton_participant_admin_v0_SetPassive_Request, _com_digitalasset_canton_participant_admin_v0_SetPassive_Request__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/SetPassive.js';
import type { _com_digitalasset_canton_participant_admin_v0_SetPassive_Response, _com_digitalasset_canton_participant_admin_v0_SetPassive_Response__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/SetPassive.js';

export interface EnterpriseParticipantReplicationServiceDefinition {
  SetPassive: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_SetPassive_Request, _com_digitalasset_canton_participant_admin_v0_SetPassive_Response, _com_digitalasset_canton_participant_admin_v0_SetPassive_Request__Output, _com_digitalasset_canton_participant_admin_v0_SetPassive_Response__Output>
}
