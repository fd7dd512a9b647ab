// Original file: com/digitalasset/canton/health/admin/v0/status_service.proto


export interface _com_digitalasset_canton_health_admin_v0_GetLastErrors_Error {
  'trace_id'?: (string);
  'message'?: (string);
}

export interface _com_digitalasset_canton_health_admin_v0_GetLastErrors_Error__Output {
  'trace_id'?: (string);
  'message'?: (string);
}

export interface _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response {
  'errors'?: (_com_digitalasset_canton_health_admin_v0_GetLastErrors_Error)[];
}

export interface _com_digitalasset_canton_health_admin_v0_GetLastErrors_Response__Output {
  'errors': (_com_digitalasset_canton_health_admin_v0_GetLastErrors_Error__Output)[];
}

export interface GetLastErrors {
}

export interface GetLastErrors__Output {
}
