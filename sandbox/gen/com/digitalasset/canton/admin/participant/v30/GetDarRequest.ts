// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface GetDarRequest {
  'main_package_id'?: (string);
}

export interface GetDarRequest__Output {
  'main_package_id'?: (string);
}
