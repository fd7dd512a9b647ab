// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ImportKeyPairRequest {
  'key_pair'?: (Buffer | Uint8Array | string);
  'name'?: (string);
}

export interface ImportKeyPairRequest__Output {
  'key_pair'?: (Buffer);
  'name'?: (string);
}
