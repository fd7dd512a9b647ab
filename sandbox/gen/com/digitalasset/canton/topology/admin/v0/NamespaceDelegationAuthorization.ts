// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto

import type { AuthorizationData as _com_digitalasset_canton_topology_admin_v0_AuthorizationData, AuthorizationData__Output as _com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/AuthorizationData.js';

export interface NamespaceDelegationAuthorization {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData | null);
  'namespace'?: (string);
  'fingerprint_of_authorized_key'?: (string);
  'is_root_delegation'?: (boolean);
}

export interface NamespaceDelegationAuthorization__Output {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output);
  'namespace'?: (string);
  'fingerprint_of_authorized_key'?: (string);
  'is_root_delegation'?: (boolean);
}
