// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface ExportAcsResponse {
  'chunk'?: (Buffer | Uint8Array | string);
}

export interface ExportAcsResponse__Output {
  'chunk'?: (Buffer);
}
