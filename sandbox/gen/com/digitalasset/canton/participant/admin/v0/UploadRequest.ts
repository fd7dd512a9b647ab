// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface UploadRequest {
  'acs_snapshot'?: (Buffer | Uint8Array | string);
  'gzip_format'?: (boolean);
}

export interface UploadRequest__Output {
  'acs_snapshot'?: (Buffer);
  'gzip_format'?: (boolean);
}
