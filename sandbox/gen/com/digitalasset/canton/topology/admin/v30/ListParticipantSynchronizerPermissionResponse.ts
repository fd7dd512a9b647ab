// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { ParticipantSynchronizerPermission as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission, ParticipantSynchronizerPermission__Output as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/ParticipantSynchronizerPermission.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListParticipantSynchronizerPermissionResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListParticipantSynchronizerPermissionResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission__Output);
}

export interface ListParticipantSynchronizerPermissionResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListParticipantSynchronizerPermissionResponse_Result)[];
}

export interface ListParticipantSynchronizerPermissionResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListParticipantSynchronizerPermissionResponse_Result__Output)[];
}
