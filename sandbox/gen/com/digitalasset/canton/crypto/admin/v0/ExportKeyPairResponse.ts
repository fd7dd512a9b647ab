// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ExportKeyPairResponse {
  'key_pair'?: (Buffer | Uint8Array | string);
}

export interface ExportKeyPairResponse__Output {
  'key_pair'?: (Buffer);
}
