// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface GetDarContentsRequest {
  'main_package_id'?: (string);
}

export interface GetDarContentsRequest__Output {
  'main_package_id'?: (string);
}
