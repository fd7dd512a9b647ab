// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface GetDarResponse {
  'data'?: (Buffer | Uint8Array | string);
  'name'?: (string);
}

export interface GetDarResponse__Output {
  'data'?: (Buffer);
  'name'?: (string);
}
