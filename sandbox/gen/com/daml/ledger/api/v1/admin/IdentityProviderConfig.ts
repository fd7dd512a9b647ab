// Original file: com/daml/ledger/api/v1/admin/identity_provider_config_service.proto


export interface IdentityProviderConfig {
  'identity_provider_id'?: (string);
  'is_deactivated'?: (boolean);
  'issuer'?: (string);
  'jwks_url'?: (string);
  'audience'?: (string);
}

export interface IdentityProviderConfig__Output {
  'identity_provider_id'?: (string);
  'is_deactivated'?: (boolean);
  'issuer'?: (string);
  'jwks_url'?: (string);
  'audience'?: (string);
}
