// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';
import type { NamespaceDelegation as _com_digitalasset_canton_protocol_v0_NamespaceDelegation, NamespaceDelegation__Output as _com_digitalasset_canton_protocol_v0_NamespaceDelegation__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/NamespaceDelegation.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListNamespaceDelegationResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v0_NamespaceDelegation | null);
  'target_key_fingerprint'?: (string);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListNamespaceDelegationResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v0_NamespaceDelegation__Output);
  'target_key_fingerprint'?: (string);
}

export interface ListNamespaceDelegationResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListNamespaceDelegationResult_Result)[];
}

export interface ListNamespaceDelegationResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListNamespaceDelegationResult_Result__Output)[];
}
