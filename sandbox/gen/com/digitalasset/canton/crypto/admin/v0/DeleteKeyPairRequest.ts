// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface DeleteKeyPairRequest {
  'fingerprint'?: (string);
}

export interface DeleteKeyPairRequest__Output {
  'fingerprint'?: (string);
}
