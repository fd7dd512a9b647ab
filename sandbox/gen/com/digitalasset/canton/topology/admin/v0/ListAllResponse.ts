// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { TopologyTransactions as _com_digitalasset_canton_protocol_v0_TopologyTransactions, TopologyTransactions__Output as _com_digitalasset_canton_protocol_v0_TopologyTransactions__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/TopologyTransactions.js';

export interface ListAllResponse {
  'result'?: (_com_digitalasset_canton_protocol_v0_TopologyTransactions | null);
}

export interface ListAllResponse__Output {
  'result'?: (_com_digitalasset_canton_protocol_v0_TopologyTransactions__Output);
}
