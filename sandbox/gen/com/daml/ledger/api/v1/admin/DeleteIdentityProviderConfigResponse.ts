// Original file: com/daml/ledger/api/v1/admin/identity_provider_config_service.proto


export interface DeleteIdentityProviderConfigResponse {
}

export interface DeleteIdentityProviderConfigResponse__Output {
}
