// Original file: com/digitalasset/canton/admin/health/v30/status_service.proto


export interface _com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData {
  'description'?: (string);
  '_description'?: "description";
}

export interface _com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData__Output {
  'description'?: (string);
  '_description'?: "description";
}

export interface ComponentStatus {
  'name'?: (string);
  'ok'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData | null);
  'degraded'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData | null);
  'failed'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData | null);
  'fatal'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData | null);
  'status'?: "ok"|"degraded"|"failed"|"fatal";
}

export interface ComponentStatus__Output {
  'name'?: (string);
  'ok'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData__Output);
  'degraded'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData__Output);
  'failed'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData__Output);
  'fatal'?: (_com_digitalasset_canton_admin_health_v30_ComponentStatus_StatusData__Output);
  'status'?: "ok"|"degraded"|"failed"|"fatal";
}
