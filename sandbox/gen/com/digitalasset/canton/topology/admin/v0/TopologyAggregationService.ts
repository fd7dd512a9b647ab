// Original file: com/digitalasset/canton/topology/admin/v0/topology_aggregation_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListKeyOwnersRequest as _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersRequest, ListKeyOwnersRequest__Output as _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/ListKeyOwnersRequest.js';
import type { ListKeyOwnersResponse as _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse, ListKeyOwnersResponse__Output as _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/ListKeyOwnersResponse.js';
import type { ListPartiesRequest as _com_digitalasset_canton_topology_admin_v0_ListPartiesRequest, ListPartiesRequest__Output as _com_digitalasset_canton_topology_admin_v0_ListPartiesRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/ListPartiesRequest.js';
import type { ListPartiesResponse as _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse, ListPartiesResponse__Output as _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/ListPartiesResponse.js';

export interface TopologyAggregationServiceDefinition {
  ListKeyOwners: MethodDefinition<_com_digitalasset_canton_topology_admin_v0_ListKeyOwnersRequest, _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse, _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersRequest__Output, _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse__Output>
  ListParties: MethodDefinition<_com_digitalasset_canton_topology_admin_v0_ListPartiesRequest, _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse, _com_digitalasset_canton_topology_admin_v0_ListPartiesRequest__Output, _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse__Output>
}
