// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';

export interface ListAvailableStoresResponse {
  'store_ids'?: (_com_digitalasset_canton_topology_admin_v30_StoreId)[];
}

export interface ListAvailableStoresResponse__Output {
  'store_ids': (_com_digitalasset_canton_topology_admin_v30_StoreId__Output)[];
}
