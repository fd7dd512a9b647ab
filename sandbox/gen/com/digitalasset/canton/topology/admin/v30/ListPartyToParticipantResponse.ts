// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { PartyToParticipant as _com_digitalasset_canton_protocol_v30_PartyToParticipant, PartyToParticipant__Output as _com_digitalasset_canton_protocol_v30_PartyToParticipant__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/PartyToParticipant.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyToParticipantResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyToParticipantResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant__Output);
}

export interface ListPartyToParticipantResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListPartyToParticipantResponse_Result)[];
}

export interface ListPartyToParticipantResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListPartyToParticipantResponse_Result__Output)[];
}
