// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface ListDarsRequest {
  'limit'?: (number);
  'filter_name'?: (string);
}

export interface ListDarsRequest__Output {
  'limit'?: (number);
  'filter_name'?: (string);
}
