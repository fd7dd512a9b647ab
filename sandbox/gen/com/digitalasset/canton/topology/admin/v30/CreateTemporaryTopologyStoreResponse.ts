// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { _com_digitalasset_canton_topology_admin_v30_StoreId_Temporary, _com_digitalasset_canton_topology_admin_v30_StoreId_Temporary__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';

export interface CreateTemporaryTopologyStoreResponse {
  'store_id'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Temporary | null);
}

export interface CreateTemporaryTopologyStoreResponse__Output {
  'store_id'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Temporary__Output);
}
