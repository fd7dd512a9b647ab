// Original file: com/digitalasset/canton/health/admin/v0/status_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { TopologyQueueStatus as _com_digitalasset_canton_health_admin_v0_TopologyQueueStatus, TopologyQueueStatus__Output as _com_digitalasset_canton_health_admin_v0_TopologyQueueStatus__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/TopologyQueueStatus.js';
import type { ComponentStatus as _com_digitalasset_canton_health_admin_v0_ComponentStatus, ComponentStatus__Output as _com_digitalasset_canton_health_admin_v0_ComponentStatus__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/ComponentStatus.js';

export interface _com_digitalasset_canton_health_admin_v0_NodeStatus_NotInitialized {
  'active'?: (boolean);
}

export interface _com_digitalasset_canton_health_admin_v0_NodeStatus_NotInitialized__Output {
  'active'?: (boolean);
}

export interface _com_digitalasset_canton_health_admin_v0_NodeStatus_Status {
  'id'?: (string);
  'uptime'?: (_google_protobuf_Duration | null);
  'ports'?: ({[key: string]: number});
  'extra'?: (Buffer | Uint8Array | string);
  'active'?: (boolean);
  'topology_queues'?: (_com_digitalasset_canton_health_admin_v0_TopologyQueueStatus | null);
  'components'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus)[];
}

export interface _com_digitalasset_canton_health_admin_v0_NodeStatus_Status__Output {
  'id'?: (string);
  'uptime'?: (_google_protobuf_Duration__Output);
  'ports'?: ({[key: string]: number});
  'extra'?: (Buffer);
  'active'?: (boolean);
  'topology_queues'?: (_com_digitalasset_canton_health_admin_v0_TopologyQueueStatus__Output);
  'components': (_com_digitalasset_canton_health_admin_v0_ComponentStatus__Output)[];
}

export interface NodeStatus {
  'not_initialized'?: (_com_digitalasset_canton_health_admin_v0_NodeStatus_NotInitialized | null);
  'success'?: (_com_digitalasset_canton_health_admin_v0_NodeStatus_Status | null);
  'response'?: "not_initialized"|"success";
}

export interface NodeStatus__Output {
  'not_initialized'?: (_com_digitalasset_canton_health_admin_v0_NodeStatus_NotInitialized__Output);
  'success'?: (_com_digitalasset_canton_health_admin_v0_NodeStatus_Status__Output);
  'response'?: "not_initialized"|"success";
}
