// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { SignedTopologyTransaction as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction, SignedTopologyTransaction__Output as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SignedTopologyTransaction.js';

export interface SignTransactionsResponse {
  'transactions'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction)[];
}

export interface SignTransactionsResponse__Output {
  'transactions': (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output)[];
}
