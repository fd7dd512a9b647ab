// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto


export interface UploadDarFileRequest {
  'dar_file'?: (Buffer | Uint8Array | string);
  'submission_id'?: (string);
}

export interface UploadDarFileRequest__Output {
  'dar_file'?: (Buffer);
  'submission_id'?: (string);
}
