// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto

import type { PackageDetails as _com_daml_ledger_api_v1_admin_PackageDetails, PackageDetails__Output as _com_daml_ledger_api_v1_admin_PackageDetails__Output } from '../../../../../../com/daml/ledger/api/v1/admin/PackageDetails.js';

export interface ListKnownPackagesResponse {
  'package_details'?: (_com_daml_ledger_api_v1_admin_PackageDetails)[];
}

export interface ListKnownPackagesResponse__Output {
  'package_details': (_com_daml_ledger_api_v1_admin_PackageDetails__Output)[];
}
