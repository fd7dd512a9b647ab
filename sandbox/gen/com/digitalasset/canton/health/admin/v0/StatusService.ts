// Original file: com/digitalasset/canton/health/admin/v0/status_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';
import type { NodeStatus as _com_digitalasset_canton_health_admin_v0_NodeStatus, NodeStatus__Output as _com_digitalasset_canton_health_admin_v0_NodeStatus__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/NodeStatus.js';
import type { _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response, _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response__Output } from '../../../../../../com/digitalasset/canton/health/admin/v0/GetLastErrors.js';

export interface StatusServiceDefinition {
  GetLastErrors: MethodDefinition<_google_protobuf_Empty, _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response, _google_protobuf_Empty__Output, _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response__Output>
  Status: MethodDefinition<_google_protobuf_Empty, _com_digitalasset_canton_health_admin_v0_NodeStatus, _google_protobuf_Empty__Output, _com_digitalasset_canton_health_admin_v0_NodeStatus__Output>
}
