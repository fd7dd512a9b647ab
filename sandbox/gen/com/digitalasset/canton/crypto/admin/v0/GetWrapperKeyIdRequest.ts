// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface GetWrapperKeyIdRequest {
}

export interface GetWrapperKeyIdRequest__Output {
}
