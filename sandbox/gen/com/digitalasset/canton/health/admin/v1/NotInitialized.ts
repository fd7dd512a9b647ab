// Original file: com/digitalasset/canton/health/admin/v1/status.proto


export interface NotInitialized {
  'active'?: (boolean);
}

export interface NotInitialized__Output {
  'active'?: (boolean);
}
