// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface ValidateDarResponse {
  'main_package_id'?: (string);
}

export interface ValidateDarResponse__Output {
  'main_package_id'?: (string);
}
