// Original file: com/daml/ledger/api/v1/ledger_identity_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetLedgerIdentityRequest as _com_daml_ledger_api_v1_GetLedgerIdentityRequest, GetLedgerIdentityRequest__Output as _com_daml_ledger_api_v1_GetLedgerIdentityRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerIdentityRequest.js';
import type { GetLedgerIdentityResponse as _com_daml_ledger_api_v1_GetLedgerIdentityResponse, GetLedgerIdentityResponse__Output as _com_daml_ledger_api_v1_GetLedgerIdentityResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerIdentityResponse.js';

export interface LedgerIdentityServiceDefinition {
  GetLedgerIdentity: MethodDefinition<_com_daml_ledger_api_v1_GetLedgerIdentityRequest, _com_daml_ledger_api_v1_GetLedgerIdentityResponse, _com_daml_ledger_api_v1_GetLedgerIdentityRequest__Output, _com_daml_ledger_api_v1_GetLedgerIdentityResponse__Output>
}
