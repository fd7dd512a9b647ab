// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';
import type { ParticipantState as _com_digitalasset_canton_protocol_v0_ParticipantState, ParticipantState__Output as _com_digitalasset_canton_protocol_v0_ParticipantState__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/ParticipantState.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListParticipantDomainStateResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v0_ParticipantState | null);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListParticipantDomainStateResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v0_ParticipantState__Output);
}

export interface ListParticipantDomainStateResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListParticipantDomainStateResult_Result)[];
}

export interface ListParticipantDomainStateResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListParticipantDomainStateResult_Result__Output)[];
}
