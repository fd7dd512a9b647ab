// Original file: com/digitalasset/canton/participant/admin/v0/resource_management_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';
import type { ResourceLimits as _com_digitalasset_canton_participant_admin_v0_ResourceLimits, ResourceLimits__Output as _com_digitalasset_canton_participant_admin_v0_ResourceLimits__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/ResourceLimits.js';

export interface ResourceManagementServiceDefinition {
  GetResourceLimits: MethodDefinition<_google_protobuf_Empty, _com_digitalasset_canton_participant_admin_v0_ResourceLimits, _google_protobuf_Empty__Output, _com_digitalasset_canton_participant_admin_v0_ResourceLimits__Output>
  UpdateResourceLimits: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_ResourceLimits, _google_protobuf_Empty, _com_digitalasset_canton_participant_admin_v0_ResourceLimits__Output, _google_protobuf_Empty__Output>
}
