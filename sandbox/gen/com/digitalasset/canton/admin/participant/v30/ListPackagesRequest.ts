// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface ListPackagesRequest {
  'limit'?: (number);
  'filter_name'?: (string);
}

export interface ListPackagesRequest__Output {
  'limit'?: (number);
  'filter_name'?: (string);
}
