// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { SignedTopologyTransaction as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction, SignedTopologyTransaction__Output as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SignedTopologyTransaction.js';

export interface AuthorizeResponse {
  'transaction'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction | null);
}

export interface AuthorizeResponse__Output {
  'transaction'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output);
}
