// Original file: com/daml/ledger/api/v2/version_service.proto

import type { ExperimentalFeatures as _com_daml_ledger_api_v2_ExperimentalFeatures, ExperimentalFeatures__Output as _com_daml_ledger_api_v2_ExperimentalFeatures__Output } from '../../../../../com/daml/ledger/api/v2/ExperimentalFeatures.js';
import type { UserManagementFeature as _com_daml_ledger_api_v2_UserManagementFeature, UserManagementFeature__Output as _com_daml_ledger_api_v2_UserManagementFeature__Output } from '../../../../../com/daml/ledger/api/v2/UserManagementFeature.js';
import type { PartyManagementFeature as _com_daml_ledger_api_v2_PartyManagementFeature, PartyManagementFeature__Output as _com_daml_ledger_api_v2_PartyManagementFeature__Output } from '../../../../../com/daml/ledger/api/v2/PartyManagementFeature.js';
import type { OffsetCheckpointFeature as _com_daml_ledger_api_v2_OffsetCheckpointFeature, OffsetCheckpointFeature__Output as _com_daml_ledger_api_v2_OffsetCheckpointFeature__Output } from '../../../../../com/daml/ledger/api/v2/OffsetCheckpointFeature.js';
import type { PackageFeature as _com_daml_ledger_api_v2_PackageFeature, PackageFeature__Output as _com_daml_ledger_api_v2_PackageFeature__Output } from '../../../../../com/daml/ledger/api/v2/PackageFeature.js';

export interface FeaturesDescriptor {
  'experimental'?: (_com_daml_ledger_api_v2_ExperimentalFeatures | null);
  'user_management'?: (_com_daml_ledger_api_v2_UserManagementFeature | null);
  'party_management'?: (_com_daml_ledger_api_v2_PartyManagementFeature | null);
  'offset_checkpoint'?: (_com_daml_ledger_api_v2_OffsetCheckpointFeature | null);
  'package_feature'?: (_com_daml_ledger_api_v2_PackageFeature | null);
}

export interface FeaturesDescriptor__Output {
  'experimental'?: (_com_daml_ledger_api_v2_ExperimentalFeatures__Output);
  'user_management'?: (_com_daml_ledger_api_v2_UserManagementFeature__Output);
  'party_management'?: (_com_daml_ledger_api_v2_PartyManagementFeature__Output);
  'offset_checkpoint'?: (_com_daml_ledger_api_v2_OffsetCheckpointFeature__Output);
  'package_feature'?: (_com_daml_ledger_api_v2_PackageFeature__Output);
}
