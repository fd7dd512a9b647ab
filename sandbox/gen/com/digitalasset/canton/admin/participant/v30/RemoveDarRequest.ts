// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface RemoveDarRequest {
  'main_package_id'?: (string);
}

export interface RemoveDarRequest__Output {
  'main_package_id'?: (string);
}
