// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ValidateDarRequest {
  'data'?: (Buffer | Uint8Array | string);
  'filename'?: (string);
}

export interface ValidateDarRequest__Output {
  'data'?: (Buffer);
  'filename'?: (string);
}
