// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ListDarsRequest {
  'limit'?: (number);
}

export interface ListDarsRequest__Output {
  'limit'?: (number);
}
