// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { PartyHostingLimits as _com_digitalasset_canton_protocol_v30_PartyHostingLimits, PartyHostingLimits__Output as _com_digitalasset_canton_protocol_v30_PartyHostingLimits__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/PartyHostingLimits.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyHostingLimitsResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyHostingLimits | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartyHostingLimitsResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_PartyHostingLimits__Output);
}

export interface ListPartyHostingLimitsResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListPartyHostingLimitsResponse_Result)[];
}

export interface ListPartyHostingLimitsResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListPartyHostingLimitsResponse_Result__Output)[];
}
