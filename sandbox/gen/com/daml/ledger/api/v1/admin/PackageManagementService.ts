// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListKnownPackagesRequest as _com_daml_ledger_api_v1_admin_ListKnownPackagesRequest, ListKnownPackagesRequest__Output as _com_daml_ledger_api_v1_admin_ListKnownPackagesRequest__Output } from '../../../../../../com/daml/ledger/api/v1/admin/ListKnownPackagesRequest.js';
import type { ListKnownPackagesResponse as _com_daml_ledger_api_v1_admin_ListKnownPackagesResponse, ListKnownPackagesResponse__Output as _com_daml_ledger_api_v1_admin_ListKnownPackagesResponse__Output } from '../../../../../../com/daml/ledger/api/v1/admin/ListKnownPackagesResponse.js';
import type { UploadDarFileRequest as _com_daml_ledger_api_v1_admin_UploadDarFileRequest, UploadDarFileRequest__Output as _com_daml_ledger_api_v1_admin_UploadDarFileRequest__Output } from '../../../../../../com/daml/ledger/api/v1/admin/UploadDarFileRequest.js';
import type { UploadDarFileResponse as _com_daml_ledger_api_v1_admin_UploadDarFileResponse, UploadDarFileResponse__Output as _com_daml_ledger_api_v1_admin_UploadDarFileResponse__Output } from '../../../../../../com/daml/ledger/api/v1/admin/UploadDarFileResponse.js';

export interface PackageManagementServiceDefinition {
  ListKnownPackages: MethodDefinition<_com_daml_ledger_api_v1_admin_ListKnownPackagesRequest, _com_daml_ledger_api_v1_admin_ListKnownPackagesResponse, _com_daml_ledger_api_v1_admin_ListKnownPackagesRequest__Output, _com_daml_ledger_api_v1_admin_ListKnownPackagesResponse__Output>
  UploadDarFile: MethodDefinition<_com_daml_ledger_api_v1_admin_UploadDarFileRequest, _com_daml_ledger_api_v1_admin_UploadDarFileResponse, _com_daml_ledger_api_v1_admin_UploadDarFileRequest__Output, _com_daml_ledger_api_v1_admin_UploadDarFileResponse__Output>
}
