// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseQuery as _com_digitalasset_canton_topology_admin_v0_BaseQuery, BaseQuery__Output as _com_digitalasset_canton_topology_admin_v0_BaseQuery__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseQuery.js';

export interface ListDomainParametersChangesRequest {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery | null);
}

export interface ListDomainParametersChangesRequest__Output {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery__Output);
}
