// Original file: com/digitalasset/canton/health/admin/v0/status_service.proto

import type { StringValue as _google_protobuf_StringValue, StringValue__Output as _google_protobuf_StringValue__Output } from '../../../../../../google/protobuf/StringValue.js';

export interface _com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData {
  'description'?: (_google_protobuf_StringValue | null);
}

export interface _com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData__Output {
  'description'?: (_google_protobuf_StringValue__Output);
}

export interface ComponentStatus {
  'name'?: (string);
  'ok'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData | null);
  'degraded'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData | null);
  'failed'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData | null);
  'fatal'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData | null);
  'status'?: "ok"|"degraded"|"failed"|"fatal";
}

export interface ComponentStatus__Output {
  'name'?: (string);
  'ok'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData__Output);
  'degraded'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData__Output);
  'failed'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData__Output);
  'fatal'?: (_com_digitalasset_canton_health_admin_v0_ComponentStatus_StatusData__Output);
  'status'?: "ok"|"degraded"|"failed"|"fatal";
}
