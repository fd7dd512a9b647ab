// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseQuery as _com_digitalasset_canton_topology_admin_v30_BaseQuery, BaseQuery__Output as _com_digitalasset_canton_topology_admin_v30_BaseQuery__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseQuery.js';

export interface ListPartyToKeyMappingRequest {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery | null);
  'filter_party'?: (string);
}

export interface ListPartyToKeyMappingRequest__Output {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery__Output);
  'filter_party'?: (string);
}
