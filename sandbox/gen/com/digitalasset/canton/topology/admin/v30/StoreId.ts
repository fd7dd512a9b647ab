// Original file: com/digitalasset/canton/topology/admin/v30/common.proto

import type { Synchronizer as _com_digitalasset_canton_topology_admin_v30_Synchronizer, Synchronizer__Output as _com_digitalasset_canton_topology_admin_v30_Synchronizer__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/Synchronizer.js';

export interface _com_digitalasset_canton_topology_admin_v30_StoreId_Authorized {
}

export interface _com_digitalasset_canton_topology_admin_v30_StoreId_Authorized__Output {
}

export interface _com_digitalasset_canton_topology_admin_v30_StoreId_Temporary {
  'name'?: (string);
}

export interface _com_digitalasset_canton_topology_admin_v30_StoreId_Temporary__Output {
  'name'?: (string);
}

export interface StoreId {
  'authorized'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Authorized | null);
  'synchronizer'?: (_com_digitalasset_canton_topology_admin_v30_Synchronizer | null);
  'temporary'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Temporary | null);
  'store'?: "authorized"|"synchronizer"|"temporary";
}

export interface StoreId__Output {
  'authorized'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Authorized__Output);
  'synchronizer'?: (_com_digitalasset_canton_topology_admin_v30_Synchronizer__Output);
  'temporary'?: (_com_digitalasset_canton_topology_admin_v30_StoreId_Temporary__Output);
  'store'?: "authorized"|"synchronizer"|"temporary";
}
