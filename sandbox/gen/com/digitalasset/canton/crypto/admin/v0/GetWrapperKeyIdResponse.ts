// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface GetWrapperKeyIdResponse {
  'wrapper_key_id'?: (string);
}

export interface GetWrapperKeyIdResponse__Output {
  'wrapper_key_id'?: (string);
}
