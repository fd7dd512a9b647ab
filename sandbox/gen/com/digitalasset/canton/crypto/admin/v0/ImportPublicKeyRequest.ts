// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ImportPublicKeyRequest {
  'public_key'?: (Buffer | Uint8Array | string);
  'name'?: (string);
}

export interface ImportPublicKeyRequest__Output {
  'public_key'?: (Buffer);
  'name'?: (string);
}
