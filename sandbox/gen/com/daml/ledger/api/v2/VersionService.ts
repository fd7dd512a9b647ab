// Original file: com/daml/ledger/api/v2/version_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetLedgerApiVersionRequest as _com_daml_ledger_api_v2_GetLedgerApiVersionRequest, GetLedgerApiVersionRequest__Output as _com_daml_ledger_api_v2_GetLedgerApiVersionRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetLedgerApiVersionRequest.js';
import type { GetLedgerApiVersionResponse as _com_daml_ledger_api_v2_GetLedgerApiVersionResponse, GetLedgerApiVersionResponse__Output as _com_daml_ledger_api_v2_GetLedgerApiVersionResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetLedgerApiVersionResponse.js';

export interface VersionServiceDefinition {
  GetLedgerApiVersion: MethodDefinition<_com_daml_ledger_api_v2_GetLedgerApiVersionRequest, _com_daml_ledger_api_v2_GetLedgerApiVersionResponse, _com_daml_ledger_api_v2_GetLedgerApiVersionRequest__Output, _com_daml_ledger_api_v2_GetLedgerApiVersionResponse__Output>
}
