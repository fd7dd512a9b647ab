// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp, _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output } from '../../../../../com/digitalasset/canton/protocol/v30/Enums.js';
import type { TopologyMapping as _com_digitalasset_canton_protocol_v30_TopologyMapping, TopologyMapping__Output as _com_digitalasset_canton_protocol_v30_TopologyMapping__Output } from '../../../../../com/digitalasset/canton/protocol/v30/TopologyMapping.js';

export interface TopologyTransaction {
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping | null);
}

export interface TopologyTransaction__Output {
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping__Output);
}
