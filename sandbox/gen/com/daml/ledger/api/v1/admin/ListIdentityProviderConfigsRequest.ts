// Original file: com/daml/ledger/api/v1/admin/identity_provider_config_service.proto


export interface ListIdentityProviderConfigsRequest {
}

export interface ListIdentityProviderConfigsRequest__Output {
}
