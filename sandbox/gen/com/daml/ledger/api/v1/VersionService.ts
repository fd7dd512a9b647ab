// Original file: com/daml/ledger/api/v1/version_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetLedgerApiVersionRequest as _com_daml_ledger_api_v1_GetLedgerApiVersionRequest, GetLedgerApiVersionRequest__Output as _com_daml_ledger_api_v1_GetLedgerApiVersionRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerApiVersionRequest.js';
import type { GetLedgerApiVersionResponse as _com_daml_ledger_api_v1_GetLedgerApiVersionResponse, GetLedgerApiVersionResponse__Output as _com_daml_ledger_api_v1_GetLedgerApiVersionResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerApiVersionResponse.js';

export interface VersionServiceDefinition {
  GetLedgerApiVersion: MethodDefinition<_com_daml_ledger_api_v1_GetLedgerApiVersionRequest, _com_daml_ledger_api_v1_GetLedgerApiVersionResponse, _com_daml_ledger_api_v1_GetLedgerApiVersionRequest__Output, _com_daml_ledger_api_v1_GetLedgerApiVersionResponse__Output>
}
