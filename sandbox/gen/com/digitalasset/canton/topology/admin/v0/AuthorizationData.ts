// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto

import type { TopologyChangeOp as _com_digitalasset_canton_protocol_v0_TopologyChangeOp, TopologyChangeOp__Output as _com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/TopologyChangeOp.js';

export interface AuthorizationData {
  'change'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp);
  'signed_by'?: (string);
  'replace_existing'?: (boolean);
  'force_change'?: (boolean);
}

export interface AuthorizationData__Output {
  'change'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output);
  'signed_by'?: (string);
  'replace_existing'?: (boolean);
  'force_change'?: (boolean);
}
