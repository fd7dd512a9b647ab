// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto


export interface ExportPartyAcsResponse {
  'chunk'?: (Buffer | Uint8Array | string);
}

export interface ExportPartyAcsResponse__Output {
  'chunk'?: (Buffer);
}
