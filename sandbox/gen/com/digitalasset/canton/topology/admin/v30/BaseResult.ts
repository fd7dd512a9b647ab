// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp, _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/Enums.js';

export interface BaseResult {
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
  'sequenced'?: (_google_protobuf_Timestamp | null);
  'valid_from'?: (_google_protobuf_Timestamp | null);
  'valid_until'?: (_google_protobuf_Timestamp | null);
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp);
  'transaction_hash'?: (Buffer | Uint8Array | string);
  'serial'?: (number);
  'signed_by_fingerprints'?: (string)[];
}

export interface BaseResult__Output {
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
  'sequenced'?: (_google_protobuf_Timestamp__Output);
  'valid_from'?: (_google_protobuf_Timestamp__Output);
  'valid_until'?: (_google_protobuf_Timestamp__Output);
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output);
  'transaction_hash'?: (Buffer);
  'serial'?: (number);
  'signed_by_fingerprints': (string)[];
}
