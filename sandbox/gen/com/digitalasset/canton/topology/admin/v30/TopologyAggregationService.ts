// Original file: com/digitalasset/canton/topology/admin/v30/topology_aggregation_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListPartiesRequest as _com_digitalasset_canton_topology_admin_v30_ListPartiesRequest, ListPartiesRequest__Output as _com_digitalasset_canton_topology_admin_v30_ListPartiesRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/ListPartiesRequest.js';
import type { ListPartiesResponse as _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse, ListPartiesResponse__Output as _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/ListPartiesResponse.js';

export interface TopologyAggregationServiceDefinition {
  ListParties: MethodDefinition<_com_digitalasset_canton_topology_admin_v30_ListPartiesRequest, _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse, _com_digitalasset_canton_topology_admin_v30_ListPartiesRequest__Output, _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse__Output>
}
