// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface UnvetDarRequest {
  'dar_hash'?: (string);
  'synchronize'?: (boolean);
}

export interface UnvetDarRequest__Output {
  'dar_hash'?: (string);
  'synchronize'?: (boolean);
}
