// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface RotateWrapperKeyRequest {
  'new_wrapper_key_id'?: (string);
}

export interface RotateWrapperKeyRequest__Output {
  'new_wrapper_key_id'?: (string);
}
