// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface GetDarRequest {
  'hash'?: (string);
}

export interface GetDarRequest__Output {
  'hash'?: (string);
}
