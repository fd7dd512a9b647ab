// Original file: com/digitalasset/canton/admin/health/v30/status_service.proto


// Original file: com/digitalasset/canton/admin/health/v30/status_service.proto

export const _com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput = {
  WAITING_FOR_EXTERNAL_INPUT_UNSPECIFIED: 'WAITING_FOR_EXTERNAL_INPUT_UNSPECIFIED',
  WAITING_FOR_EXTERNAL_INPUT_ID: 'WAITING_FOR_EXTERNAL_INPUT_ID',
  WAITING_FOR_EXTERNAL_INPUT_NODE_TOPOLOGY: 'WAITING_FOR_EXTERNAL_INPUT_NODE_TOPOLOGY',
  WAITING_FOR_EXTERNAL_INPUT_INITIALIZATION: 'WAITING_FOR_EXTERNAL_INPUT_INITIALIZATION',
} as const;

export type _com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput =
  | 'WAITING_FOR_EXTERNAL_INPUT_UNSPECIFIED'
  | 0
  | 'WAITING_FOR_EXTERNAL_INPUT_ID'
  | 1
  | 'WAITING_FOR_EXTERNAL_INPUT_NODE_TOPOLOGY'
  | 2
  | 'WAITING_FOR_EXTERNAL_INPUT_INITIALIZATION'
  | 3

export type _com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput__Output = typeof _com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput[keyof typeof _com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput]

export interface NotInitialized {
  'active'?: (boolean);
  'waiting_for_external_input'?: (_com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput);
  'version'?: (string);
}

export interface NotInitialized__Output {
  'active'?: (boolean);
  'waiting_for_external_input'?: (_com_digitalasset_canton_admin_health_v30_NotInitialized_WaitingForExternalInput__Output);
  'version'?: (string);
}
