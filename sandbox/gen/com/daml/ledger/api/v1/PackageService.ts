// Original file: com/daml/ledger/api/v1/package_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetPackageRequest as _com_daml_ledger_api_v1_GetPackageRequest, GetPackageRequest__Output as _com_daml_ledger_api_v1_GetPackageRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetPackageRequest.js';
import type { GetPackageResponse as _com_daml_ledger_api_v1_GetPackageResponse, GetPackageResponse__Output as _com_daml_ledger_api_v1_GetPackageResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetPackageResponse.js';
import type { GetPackageStatusRequest as _com_daml_ledger_api_v1_GetPackageStatusRequest, GetPackageStatusRequest__Output as _com_daml_ledger_api_v1_GetPackageStatusRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetPackageStatusRequest.js';
import type { GetPackageStatusResponse as _com_daml_ledger_api_v1_GetPackageStatusResponse, GetPackageStatusResponse__Output as _com_daml_ledger_api_v1_GetPackageStatusResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetPackageStatusResponse.js';

export interface PackageServiceDefinition {
  GetPackage: MethodDefinition<_com_daml_ledger_api_v1_GetPackageRequest, _com_daml_ledger_api_v1_GetPackageResponse, _com_daml_ledger_api_v1_GetPackageRequest__Output, _com_daml_ledger_api_v1_GetPackageResponse__Output>
  GetPackageStatus: MethodDefinition<_com_daml_ledger_api_v1_GetPackageStatusRequest, _com_daml_ledger_api_v1_GetPackageStatusResponse, _com_daml_ledger_api_v1_GetPackageStatusRequest__Output, _com_daml_ledger_api_v1_GetPackageStatusResponse__Output>
}
