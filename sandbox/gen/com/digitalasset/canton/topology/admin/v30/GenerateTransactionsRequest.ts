// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp, _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/Enums.js';
import type { TopologyMapping as _com_digitalasset_canton_protocol_v30_TopologyMapping, TopologyMapping__Output as _com_digitalasset_canton_protocol_v30_TopologyMapping__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/TopologyMapping.js';
import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';

export interface _com_digitalasset_canton_topology_admin_v30_GenerateTransactionsRequest_Proposal {
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping | null);
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_GenerateTransactionsRequest_Proposal__Output {
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping__Output);
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
}

export interface GenerateTransactionsRequest {
  'proposals'?: (_com_digitalasset_canton_topology_admin_v30_GenerateTransactionsRequest_Proposal)[];
}

export interface GenerateTransactionsRequest__Output {
  'proposals': (_com_digitalasset_canton_topology_admin_v30_GenerateTransactionsRequest_Proposal__Output)[];
}
