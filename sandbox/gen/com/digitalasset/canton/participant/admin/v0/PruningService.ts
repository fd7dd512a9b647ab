// Original file: com/digitalasset/canton/participant/admin/v0/pruning_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetSafePruningOffsetRequest as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest, GetSafePruningOffsetRequest__Output as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/GetSafePruningOffsetRequest.js';
import type { GetSafePruningOffsetResponse as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse, GetSafePruningOffsetResponse__Output as _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/GetSafePruningOffsetResponse.js';

export interface PruningServiceDefinition {
  GetSafePruningOffset: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetRequest__Output, _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse__Output>
}
