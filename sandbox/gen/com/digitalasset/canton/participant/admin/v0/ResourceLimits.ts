// Original file: com/digitalasset/canton/participant/admin/v0/resource_management_service.proto


export interface ResourceLimits {
  'max_dirty_requests'?: (number);
  'max_rate'?: (number);
  'max_burst_factor'?: (number | string);
}

export interface ResourceLimits__Output {
  'max_dirty_requests'?: (number);
  'max_rate'?: (number);
  'max_burst_factor'?: (number);
}
