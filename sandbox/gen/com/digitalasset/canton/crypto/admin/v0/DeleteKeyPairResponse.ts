// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface DeleteKeyPairResponse {
}

export interface DeleteKeyPairResponse__Output {
}
