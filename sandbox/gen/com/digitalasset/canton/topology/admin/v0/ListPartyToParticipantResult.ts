// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';
import type { PartyToParticipant as _com_digitalasset_canton_protocol_v0_PartyToParticipant, PartyToParticipant__Output as _com_digitalasset_canton_protocol_v0_PartyToParticipant__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/PartyToParticipant.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v0_PartyToParticipant | null);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v0_PartyToParticipant__Output);
}

export interface ListPartyToParticipantResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantResult_Result)[];
}

export interface ListPartyToParticipantResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantResult_Result__Output)[];
}
