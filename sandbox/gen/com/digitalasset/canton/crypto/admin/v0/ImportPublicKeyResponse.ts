// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ImportPublicKeyResponse {
  'fingerprint'?: (string);
}

export interface ImportPublicKeyResponse__Output {
  'fingerprint'?: (string);
}
