// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { SignedTopologyTransaction as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction, SignedTopologyTransaction__Output as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SignedTopologyTransaction.js';
import type { ForceFlag as _com_digitalasset_canton_topology_admin_v30_ForceFlag, ForceFlag__Output as _com_digitalasset_canton_topology_admin_v30_ForceFlag__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/ForceFlag.js';
import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface AddTransactionsRequest {
  'transactions'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction)[];
  'force_changes'?: (_com_digitalasset_canton_topology_admin_v30_ForceFlag)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
  'wait_to_become_effective'?: (_google_protobuf_Duration | null);
}

export interface AddTransactionsRequest__Output {
  'transactions': (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output)[];
  'force_changes': (_com_digitalasset_canton_topology_admin_v30_ForceFlag__Output)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
  'wait_to_become_effective'?: (_google_protobuf_Duration__Output);
}
