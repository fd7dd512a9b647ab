// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { TopologyChangeOp as _com_digitalasset_canton_protocol_v0_TopologyChangeOp, TopologyChangeOp__Output as _com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/TopologyChangeOp.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';
import type { StringValue as _google_protobuf_StringValue, StringValue__Output as _google_protobuf_StringValue__Output } from '../../../../../../google/protobuf/StringValue.js';

export interface _com_digitalasset_canton_topology_admin_v0_BaseQuery_TimeRange {
  'from'?: (_google_protobuf_Timestamp | null);
  'until'?: (_google_protobuf_Timestamp | null);
}

export interface _com_digitalasset_canton_topology_admin_v0_BaseQuery_TimeRange__Output {
  'from'?: (_google_protobuf_Timestamp__Output);
  'until'?: (_google_protobuf_Timestamp__Output);
}

export interface BaseQuery {
  'filter_store'?: (string);
  'use_state_store'?: (boolean);
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp);
  'filter_operation'?: (boolean);
  'snapshot'?: (_google_protobuf_Timestamp | null);
  'head_state'?: (_google_protobuf_Empty | null);
  'range'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery_TimeRange | null);
  'filter_signed_key'?: (string);
  'protocol_version'?: (_google_protobuf_StringValue | null);
  'time_query'?: "snapshot"|"head_state"|"range";
}

export interface BaseQuery__Output {
  'filter_store'?: (string);
  'use_state_store'?: (boolean);
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output);
  'filter_operation'?: (boolean);
  'snapshot'?: (_google_protobuf_Timestamp__Output);
  'head_state'?: (_google_protobuf_Empty__Output);
  'range'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery_TimeRange__Output);
  'filter_signed_key'?: (string);
  'protocol_version'?: (_google_protobuf_StringValue__Output);
  'time_query'?: "snapshot"|"head_state"|"range";
}
