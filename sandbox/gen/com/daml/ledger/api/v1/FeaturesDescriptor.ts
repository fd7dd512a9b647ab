// Original file: com/daml/ledger/api/v1/version_service.proto

import type { UserManagementFeature as _com_daml_ledger_api_v1_UserManagementFeature, UserManagementFeature__Output as _com_daml_ledger_api_v1_UserManagementFeature__Output } from '../../../../../com/daml/ledger/api/v1/UserManagementFeature.js';
import type { PartyManagementFeature as _com_daml_ledger_api_v1_PartyManagementFeature, PartyManagementFeature__Output as _com_daml_ledger_api_v1_PartyManagementFeature__Output } from '../../../../../com/daml/ledger/api/v1/PartyManagementFeature.js';

export interface FeaturesDescriptor {
  'user_management'?: (_com_daml_ledger_api_v1_UserManagementFeature | null);
  'party_management'?: (_com_daml_ledger_api_v1_PartyManagementFeature | null);
}

export interface FeaturesDescriptor__Output {
  'user_management'?: (_com_daml_ledger_api_v1_UserManagementFeature__Output);
  'party_management'?: (_com_daml_ledger_api_v1_PartyManagementFeature__Output);
}
