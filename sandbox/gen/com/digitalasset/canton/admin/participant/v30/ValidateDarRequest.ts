// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface ValidateDarRequest {
  'data'?: (Buffer | Uint8Array | string);
  'filename'?: (string);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}

export interface ValidateDarRequest__Output {
  'data'?: (Buffer);
  'filename'?: (string);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}
