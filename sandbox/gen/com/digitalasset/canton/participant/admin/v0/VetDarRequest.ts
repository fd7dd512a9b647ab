// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface VetDarRequest {
  'dar_hash'?: (string);
  'synchronize'?: (boolean);
}

export interface VetDarRequest__Output {
  'dar_hash'?: (string);
  'synchronize'?: (boolean);
}
