// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { PartyToKeyMapping as _com_digitalasset_canton_protocol_v30_PartyToKeyMapping, PartyToKeyMapping__Output as _com_digitalasset_canton_protocol_v30_PartyToKeyMapping__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/PartyToKeyMapping.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyToKeyMappingResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyToKeyMapping | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyToKeyMappingResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyToKeyMapping__Output);
}

export interface ListPartyToKeyMappingResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListPartyToKeyMappingResponse_Result)[];
}

export interface ListPartyToKeyMappingResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListPartyToKeyMappingResponse_Result__Output)[];
}
