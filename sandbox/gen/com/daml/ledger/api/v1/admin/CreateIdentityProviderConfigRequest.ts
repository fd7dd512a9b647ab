// Original file: com/daml/ledger/api/v1/admin/identity_provider_config_service.proto

import type { IdentityProviderConfig as _com_daml_ledger_api_v1_admin_IdentityProviderConfig, IdentityProviderConfig__Output as _com_daml_ledger_api_v1_admin_IdentityProviderConfig__Output } from '../../../../../../com/daml/ledger/api/v1/admin/IdentityProviderConfig.js';

export interface CreateIdentityProviderConfigRequest {
  'identity_provider_config'?: (_com_daml_ledger_api_v1_admin_IdentityProviderConfig | null);
}

export interface CreateIdentityProviderConfigRequest__Output {
  'identity_provider_config'?: (_com_daml_ledger_api_v1_admin_IdentityProviderConfig__Output);
}
