// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto

import type { ContractImportMode as _com_digitalasset_canton_admin_participant_v30_ContractImportMode, ContractImportMode__Output as _com_digitalasset_canton_admin_participant_v30_ContractImportMode__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ContractImportMode.js';
import type { RepresentativePackageIdOverride as _com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride, RepresentativePackageIdOverride__Output as _com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/RepresentativePackageIdOverride.js';

export interface ImportPartyAcsRequest {
  'acs_snapshot'?: (Buffer | Uint8Array | string);
  'synchronizer_id'?: (string);
  'workflow_id_prefix'?: (string);
  'contract_import_mode'?: (_com_digitalasset_canton_admin_participant_v30_ContractImportMode);
  'representative_package_id_override'?: (_com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride | null);
  'party_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
  '_workflow_id_prefix'?: "workflow_id_prefix";
  '_contract_import_mode'?: "contract_import_mode";
  '_representative_package_id_override'?: "representative_package_id_override";
  '_party_id'?: "party_id";
}

export interface ImportPartyAcsRequest__Output {
  'acs_snapshot'?: (Buffer);
  'synchronizer_id'?: (string);
  'workflow_id_prefix'?: (string);
  'contract_import_mode'?: (_com_digitalasset_canton_admin_participant_v30_ContractImportMode__Output);
  'representative_package_id_override'?: (_com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride__Output);
  'party_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
  '_workflow_id_prefix'?: "workflow_id_prefix";
  '_contract_import_mode'?: "contract_import_mode";
  '_representative_package_id_override'?: "representative_package_id_override";
  '_party_id'?: "party_id";
}
