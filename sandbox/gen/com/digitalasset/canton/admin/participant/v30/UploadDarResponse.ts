// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface UploadDarResponse {
  'dar_ids'?: (string)[];
}

export interface UploadDarResponse__Output {
  'dar_ids': (string)[];
}
