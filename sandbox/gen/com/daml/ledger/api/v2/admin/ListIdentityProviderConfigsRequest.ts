// Original file: com/daml/ledger/api/v2/admin/identity_provider_config_service.proto


export interface ListIdentityProviderConfigsRequest {
}

export interface ListIdentityProviderConfigsRequest__Output {
}
