// Original file: com/digitalasset/canton/health/admin/v0/status_service.proto


export interface TopologyQueueStatus {
  'manager'?: (number);
  'dispatcher'?: (number);
  'clients'?: (number);
}

export interface TopologyQueueStatus__Output {
  'manager'?: (number);
  'dispatcher'?: (number);
  'clients'?: (number);
}
