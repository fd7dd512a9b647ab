// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { VettedPackages as _com_digitalasset_canton_protocol_v30_VettedPackages, VettedPackages__Output as _com_digitalasset_canton_protocol_v30_VettedPackages__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/VettedPackages.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListVettedPackagesResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_VettedPackages | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListVettedPackagesResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_VettedPackages__Output);
}

export interface ListVettedPackagesResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListVettedPackagesResponse_Result)[];
}

export interface ListVettedPackagesResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListVettedPackagesResponse_Result__Output)[];
}
