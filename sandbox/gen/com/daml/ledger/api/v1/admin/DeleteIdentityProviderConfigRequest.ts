// Original file: com/daml/ledger/api/v1/admin/identity_provider_config_service.proto


export interface DeleteIdentityProviderConfigRequest {
  'identity_provider_id'?: (string);
}

export interface DeleteIdentityProviderConfigRequest__Output {
  'identity_provider_id'?: (string);
}
