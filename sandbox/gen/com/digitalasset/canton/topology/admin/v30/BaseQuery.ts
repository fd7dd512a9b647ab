// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';
import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp, _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/Enums.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';

export interface _com_digitalasset_canton_topology_admin_v30_BaseQuery_TimeRange {
  'from'?: (_google_protobuf_Timestamp | null);
  'until'?: (_google_protobuf_Timestamp | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_BaseQuery_TimeRange__Output {
  'from'?: (_google_protobuf_Timestamp__Output);
  'until'?: (_google_protobuf_Timestamp__Output);
}

export interface BaseQuery {
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
  'proposals'?: (boolean);
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp);
  'snapshot'?: (_google_protobuf_Timestamp | null);
  'head_state'?: (_google_protobuf_Empty | null);
  'range'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery_TimeRange | null);
  'filter_signed_key'?: (string);
  'protocol_version'?: (number);
  'time_query'?: "snapshot"|"head_state"|"range";
  '_protocol_version'?: "protocol_version";
}

export interface BaseQuery__Output {
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
  'proposals'?: (boolean);
  'operation'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output);
  'snapshot'?: (_google_protobuf_Timestamp__Output);
  'head_state'?: (_google_protobuf_Empty__Output);
  'range'?: (_com_digitalasset_canton_topology_admin_v30_BaseQuery_TimeRange__Output);
  'filter_signed_key'?: (string);
  'protocol_version'?: (number);
  'time_query'?: "snapshot"|"head_state"|"range";
  '_protocol_version'?: "protocol_version";
}
