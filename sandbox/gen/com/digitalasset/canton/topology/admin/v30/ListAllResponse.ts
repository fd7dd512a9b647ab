// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { TopologyTransactions as _com_digitalasset_canton_topology_admin_v30_TopologyTransactions, TopologyTransactions__Output as _com_digitalasset_canton_topology_admin_v30_TopologyTransactions__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/TopologyTransactions.js';

export interface ListAllResponse {
  'result'?: (_com_digitalasset_canton_topology_admin_v30_TopologyTransactions | null);
}

export interface ListAllResponse__Output {
  'result'?: (_com_digitalasset_canton_topology_admin_v30_TopologyTransactions__Output);
}
