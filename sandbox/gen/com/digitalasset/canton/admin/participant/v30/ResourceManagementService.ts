// Original file: com/digitalasset/canton/admin/participant/v30/resource_management_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetResourceLimitsRequest as _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsRequest, GetResourceLimitsRequest__Output as _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/GetResourceLimitsRequest.js';
import type { GetResourceLimitsResponse as _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsResponse, GetResourceLimitsResponse__Output as _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/GetResourceLimitsResponse.js';
import type { SetResourceLimitsRequest as _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsRequest, SetResourceLimitsRequest__Output as _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SetResourceLimitsRequest.js';
import type { SetResourceLimitsResponse as _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsResponse, SetResourceLimitsResponse__Output as _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SetResourceLimitsResponse.js';

export interface ResourceManagementServiceDefinition {
  GetResourceLimits: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_GetResourceLimitsRequest, _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsResponse, _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsRequest__Output, _com_digitalasset_canton_admin_participant_v30_GetResourceLimitsResponse__Output>
  SetResourceLimits: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_SetResourceLimitsRequest, _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsResponse, _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsRequest__Output, _com_digitalasset_canton_admin_participant_v30_SetResourceLimitsResponse__Output>
}
