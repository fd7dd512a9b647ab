// Original file: com/digitalasset/canton/participant/admin/v0/pruning_service.proto


export interface _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse_NoSafePruningOffset {
}

export interface _com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse_NoSafePruningOffset__Output {
}

export interface GetSafePruningOffsetResponse {
  'safe_pruning_offset'?: (string);
  'no_safe_pruning_offset'?: (_com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse_NoSafePruningOffset | null);
  'response'?: "safe_pruning_offset"|"no_safe_pruning_offset";
}

export interface GetSafePruningOffsetResponse__Output {
  'safe_pruning_offset'?: (string);
  'no_safe_pruning_offset'?: (_com_digitalasset_canton_participant_admin_v0_GetSafePruningOffsetResponse_NoSafePruningOffset__Output);
  'response'?: "safe_pruning_offset"|"no_safe_pruning_offset";
}
