// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { LsuSequencerConnectionSuccessor as _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor, LsuSequencerConnectionSuccessor__Output as _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/LsuSequencerConnectionSuccessor.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListLsuSequencerConnectionSuccessorResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListLsuSequencerConnectionSuccessorResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor__Output);
}

export interface ListLsuSequencerConnectionSuccessorResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListLsuSequencerConnectionSuccessorResponse_Result)[];
}

export interface ListLsuSequencerConnectionSuccessorResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListLsuSequencerConnectionSuccessorResponse_Result__Output)[];
}
