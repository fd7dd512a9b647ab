// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ListDarContentsRequest {
  'dar_id'?: (string);
}

export interface ListDarContentsRequest__Output {
  'dar_id'?: (string);
}
