// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { TopologyChangeOp as _com_digitalasset_canton_protocol_v0_TopologyChangeOp, TopologyChangeOp__Output as _com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/TopologyChangeOp.js';

export interface BaseResult {
  'store'?: (string);
  'valid_from'?: (_google_protobuf_Timestamp | null);
  'valid_until'?: (_google_protobuf_Timestamp | null);
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp);
  'serialized'?: (Buffer | Uint8Array | string);
  'signed_by_fingerprint'?: (string);
  'sequenced'?: (_google_protobuf_Timestamp | null);
}

export interface BaseResult__Output {
  'store'?: (string);
  'valid_from'?: (_google_protobuf_Timestamp__Output);
  'valid_until'?: (_google_protobuf_Timestamp__Output);
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output);
  'serialized'?: (Buffer);
  'signed_by_fingerprint'?: (string);
  'sequenced'?: (_google_protobuf_Timestamp__Output);
}
