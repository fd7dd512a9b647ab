// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';
import type { VettedPackages as _com_digitalasset_canton_protocol_v0_VettedPackages, VettedPackages__Output as _com_digitalasset_canton_protocol_v0_VettedPackages__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/VettedPackages.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListVettedPackagesResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v0_VettedPackages | null);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListVettedPackagesResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v0_VettedPackages__Output);
}

export interface ListVettedPackagesResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListVettedPackagesResult_Result)[];
}

export interface ListVettedPackagesResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListVettedPackagesResult_Result__Output)[];
}
