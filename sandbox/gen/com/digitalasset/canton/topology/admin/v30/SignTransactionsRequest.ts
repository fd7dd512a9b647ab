// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { SignedTopologyTransaction as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction, SignedTopologyTransaction__Output as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SignedTopologyTransaction.js';
import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';
import type { ForceFlag as _com_digitalasset_canton_topology_admin_v30_ForceFlag, ForceFlag__Output as _com_digitalasset_canton_topology_admin_v30_ForceFlag__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/ForceFlag.js';

export interface SignTransactionsRequest {
  'transactions'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction)[];
  'signed_by'?: (string)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
  'force_flags'?: (_com_digitalasset_canton_topology_admin_v30_ForceFlag)[];
}

export interface SignTransactionsRequest__Output {
  'transactions': (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output)[];
  'signed_by': (string)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
  'force_flags': (_com_digitalasset_canton_topology_admin_v30_ForceFlag__Output)[];
}
