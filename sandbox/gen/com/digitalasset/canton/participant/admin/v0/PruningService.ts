// Original file: com/digitalasset/canton/participant/admin/v0/pruning_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetSafePruningOffsetRequest as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest, GetSafePruningOffsetRequest__Output as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/GetSafePruningOffsetRequest.js';
import type { GetSafePruningOffsetResponse as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse, GetSafePruningOffsetResponse__Output as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/GetSafePruningOffsetResponse.js';
import type { _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/GetSchedule.js';
import type { _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/SetSchedule.js';
import type { _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/ClearSchedule.js';
import type { _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/GetSchedule.js';
import type { _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/SetSchedule.js';
import type { _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/ClearSchedule.js';

export interface PruningServiceDefinition {
  ClearSchedule: MethodDefinition<_com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request__Output, _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response__Output>
  GetSafePruningOffset: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest__Output, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse__Output>
  GetSchedule: MethodDefinition<_com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request__Output, _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response__Output>
  SetSchedule: MethodDefinition<_com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request, _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response, _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request__Output, _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response__Output>
}
