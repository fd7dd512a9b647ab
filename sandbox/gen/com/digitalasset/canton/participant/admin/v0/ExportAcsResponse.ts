// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface ExportAcsResponse {
  'chunk'?: (Buffer | Uint8Array | string);
}

export interface ExportAcsResponse__Output {
  'chunk'?: (Buffer);
}
