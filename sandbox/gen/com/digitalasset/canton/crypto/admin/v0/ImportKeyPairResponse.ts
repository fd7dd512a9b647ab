// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ImportKeyPairResponse {
}

export interface ImportKeyPairResponse__Output {
}
