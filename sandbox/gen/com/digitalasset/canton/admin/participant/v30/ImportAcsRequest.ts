// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto

import type { ContractImportMode as _com_digitalasset_canton_admin_participant_v30_ContractImportMode, ContractImportMode__Output as _com_digitalasset_canton_admin_participant_v30_ContractImportMode__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ContractImportMode.js';
import type { RepresentativePackageIdOverride as _com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride, RepresentativePackageIdOverride__Output as _com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/RepresentativePackageIdOverride.js';

export interface ImportAcsRequest {
  'acs_snapshot'?: (Buffer | Uint8Array | string);
  'workflow_id_prefix'?: (string);
  'contract_import_mode'?: (_com_digitalasset_canton_admin_participant_v30_ContractImportMode);
  'excluded_stakeholder_ids'?: (string)[];
  'representative_package_id_override'?: (_com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride | null);
  'synchronizer_id'?: (string);
  '_workflow_id_prefix'?: "workflow_id_prefix";
  '_contract_import_mode'?: "contract_import_mode";
  '_representative_package_id_override'?: "representative_package_id_override";
  '_synchronizer_id'?: "synchronizer_id";
}

export interface ImportAcsRequest__Output {
  'acs_snapshot'?: (Buffer);
  'workflow_id_prefix'?: (string);
  'contract_import_mode'?: (_com_digitalasset_canton_admin_participant_v30_ContractImportMode__Output);
  'excluded_stakeholder_ids': (string)[];
  'representative_package_id_override'?: (_com_digitalasset_canton_admin_participant_v30_RepresentativePackageIdOverride__Output);
  'synchronizer_id'?: (string);
  '_workflow_id_prefix'?: "workflow_id_prefix";
  '_contract_import_mode'?: "contract_import_mode";
  '_representative_package_id_override'?: "representative_package_id_override";
  '_synchronizer_id'?: "synchronizer_id";
}
