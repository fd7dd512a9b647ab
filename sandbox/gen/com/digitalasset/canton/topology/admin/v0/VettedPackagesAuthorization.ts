// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto

import type { AuthorizationData as _com_digitalasset_canton_topology_admin_v0_AuthorizationData, AuthorizationData__Output as _com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/AuthorizationData.js';

export interface VettedPackagesAuthorization {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData | null);
  'participant'?: (string);
  'package_ids'?: (string)[];
}

export interface VettedPackagesAuthorization__Output {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output);
  'participant'?: (string);
  'package_ids': (string)[];
}
