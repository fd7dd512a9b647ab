// Original file: com/digitalasset/canton/admin/participant/v30/pruning_service.proto

import type { Long } from '@grpc/proto-loader';

export interface _com_digitalasset_canton_admin_participant_v30_GetSafePruningOffsetResponse_NoSafePruningOffset {
}

export interface _com_digitalasset_canton_admin_participant_v30_GetSafePruningOffsetResponse_NoSafePruningOffset__Output {
}

export interface GetSafePruningOffsetResponse {
  'safe_pruning_offset'?: (number | string | Long);
  'no_safe_pruning_offset'?: (_com_digitalasset_canton_admin_participant_v30_GetSafePruningOffsetResponse_NoSafePruningOffset | null);
  'response'?: "safe_pruning_offset"|"no_safe_pruning_offset";
}

export interface GetSafePruningOffsetResponse__Output {
  'safe_pruning_offset'?: (string);
  'no_safe_pruning_offset'?: (_com_digitalasset_canton_admin_participant_v30_GetSafePruningOffsetResponse_NoSafePruningOffset__Output);
  'response'?: "safe_pruning_offset"|"no_safe_pruning_offset";
}
