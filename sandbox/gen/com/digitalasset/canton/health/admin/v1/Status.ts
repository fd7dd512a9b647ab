// Original file: com/digitalasset/canton/health/admin/v1/status.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { TopologyQueueStatus as _com_digitalasset_canton_health_admin_v0_TopologyQueueStatus, TopologyQueueStatus__Output as _com_digitalasset_canton_health_admin_v0_TopologyQueueStatus__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/TopologyQueueStatus.js';
import type { ComponentStatus as _com_digitalasset_canton_health_admin_v0_ComponentStatus, ComponentStatus__Output as _com_digitalasset_canton_health_admin_v0_ComponentStatus__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/ComponentStatus.js';

export interface Status {
  'uid'?: (string);
  'uptime'?: (_google_protobuf_Duration | null);
  'ports'?: ({[key: string]: number});
  'active'?: (boolean);
  'topology_queues'?: (_com_digitalasset_canton_health_admin_v0_TopologyQueueStatus | null);
  'components'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus)[];
  'version'?: (string);
}

export interface Status__Output {
  'uid'?: (string);
  'uptime'?: (_google_protobuf_Duration__Output);
  'ports'?: ({[key: string]: number});
  'active'?: (boolean);
  'topology_queues'?: (_com_digitalasset_canton_health_admin_v0_TopologyQueueStatus__Output);
  'components': (_com_digitalasset_canton_health_admin_v0_ComponentStatus__Output)[];
  'version'?: (string);
}
