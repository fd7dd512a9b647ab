// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface UploadDarRequest {
  'data'?: (Buffer | Uint8Array | string);
  'filename'?: (string);
  'vet_all_packages'?: (boolean);
  'synchronize_vetting'?: (boolean);
}

export interface UploadDarRequest__Output {
  'data'?: (Buffer);
  'filename'?: (string);
  'vet_all_packages'?: (boolean);
  'synchronize_vetting'?: (boolean);
}
