// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { NamespaceDelegation as _com_digitalasset_canton_protocol_v30_NamespaceDelegation, NamespaceDelegation__Output as _com_digitalasset_canton_protocol_v30_NamespaceDelegation__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/NamespaceDelegation.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListNamespaceDelegationResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListNamespaceDelegationResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation__Output);
}

export interface ListNamespaceDelegationResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListNamespaceDelegationResponse_Result)[];
}

export interface ListNamespaceDelegationResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListNamespaceDelegationResponse_Result__Output)[];
}
