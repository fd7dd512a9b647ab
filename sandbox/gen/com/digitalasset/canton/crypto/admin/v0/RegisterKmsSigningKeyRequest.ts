// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface RegisterKmsSigningKeyRequest {
  'kms_key_id'?: (string);
  'name'?: (string);
}

export interface RegisterKmsSigningKeyRequest__Output {
  'kms_key_id'?: (string);
  'name'?: (string);
}
