// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface RemoveDarRequest {
  'dar_hash'?: (string);
}

export interface RemoveDarRequest__Output {
  'dar_hash'?: (string);
}
