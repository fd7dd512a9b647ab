// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { OwnerToKeyMapping as _com_digitalasset_canton_protocol_v30_OwnerToKeyMapping, OwnerToKeyMapping__Output as _com_digitalasset_canton_protocol_v30_OwnerToKeyMapping__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/OwnerToKeyMapping.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListOwnerToKeyMappingResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_OwnerToKeyMapping | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListOwnerToKeyMappingResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_OwnerToKeyMapping__Output);
}

export interface ListOwnerToKeyMappingResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListOwnerToKeyMappingResponse_Result)[];
}

export interface ListOwnerToKeyMappingResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListOwnerToKeyMappingResponse_Result__Output)[];
}
