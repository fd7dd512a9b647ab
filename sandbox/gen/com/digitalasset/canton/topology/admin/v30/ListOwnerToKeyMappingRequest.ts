// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseQuery as _com_digitalasset_canton_topology_admin_v30_BaseQuery, BaseQuery__Output as _com_digitalasset_canton_topology_admin_v30_BaseQuery__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseQuery.js';

export interface ListOwnerToKeyMappingRequest {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery | null);
  'filter_key_owner_type'?: (string);
  'filter_key_owner_uid'?: (string);
}

export interface ListOwnerToKeyMappingRequest__Output {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery__Output);
  'filter_key_owner_type'?: (string);
  'filter_key_owner_uid'?: (string);
}
