// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ListPackagesRequest {
  'limit'?: (number);
}

export interface ListPackagesRequest__Output {
  'limit'?: (number);
}
