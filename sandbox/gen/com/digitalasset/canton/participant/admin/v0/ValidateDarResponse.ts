// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ValidateDarResponse {
  'hash'?: (string);
}

export interface ValidateDarResponse__Output {
  'hash'?: (string);
}
