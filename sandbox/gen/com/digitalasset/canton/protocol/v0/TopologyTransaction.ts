// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { TopologyStateUpdate as _com_digitalasset_canton_protocol_v0_TopologyStateUpdate, TopologyStateUpdate__Output as _com_digitalasset_canton_protocol_v0_TopologyStateUpdate__Output } from '../../../../../com/digitalasset/canton/protocol/v0/TopologyStateUpdate.js';

export interface TopologyTransaction {
  'state_update'?: (_com_digitalasset_canton_protocol_v0_TopologyStateUpdate | null);
  'transaction'?: "state_update";
}

export interface TopologyTransaction__Output {
  'state_update'?: (_com_digitalasset_canton_protocol_v0_TopologyStateUpdate__Output);
  'transaction'?: "state_update";
}
