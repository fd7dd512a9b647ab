// Original file: com/daml/ledger/api/v1/package_service.proto

import type { PackageStatus as _com_daml_ledger_api_v1_PackageStatus, PackageStatus__Output as _com_daml_ledger_api_v1_PackageStatus__Output } from '../../../../../com/daml/ledger/api/v1/PackageStatus.js';

export interface GetPackageStatusResponse {
  'package_status'?: (_com_daml_ledger_api_v1_PackageStatus);
}

export interface GetPackageStatusResponse__Output {
  'package_status'?: (_com_daml_ledger_api_v1_PackageStatus__Output);
}
