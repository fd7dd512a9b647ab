// Original file: com/digitalasset/canton/admin/participant/v30/resource_management_service.proto


export interface ResourceLimits {
  'max_inflight_validation_requests'?: (number);
  'max_submission_rate'?: (number);
  'max_submission_burst_factor'?: (number | string);
  '_max_inflight_validation_requests'?: "max_inflight_validation_requests";
  '_max_submission_rate'?: "max_submission_rate";
}

export interface ResourceLimits__Output {
  'max_inflight_validation_requests'?: (number);
  'max_submission_rate'?: (number);
  'max_submission_burst_factor'?: (number);
  '_max_inflight_validation_requests'?: "max_inflight_validation_requests";
  '_max_submission_rate'?: "max_submission_rate";
}
