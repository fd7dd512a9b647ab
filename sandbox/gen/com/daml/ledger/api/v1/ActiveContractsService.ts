// Original file: com/daml/ledger/api/v1/active_contracts_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetActiveContractsRequest as _com_daml_ledger_api_v1_GetActiveContractsRequest, GetActiveContractsRequest__Output as _com_daml_ledger_api_v1_GetActiveContractsRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetActiveContractsRequest.js';
import type { GetActiveContractsResponse as _com_daml_ledger_api_v1_GetActiveContractsResponse, GetActiveContractsResponse__Output as _com_daml_ledger_api_v1_GetActiveContractsResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetActiveContractsResponse.js';

export interface ActiveContractsServiceDefinition {
  GetActiveContracts: MethodDefinition<_com_daml_ledger_api_v1_GetActiveContractsRequest, _com_daml_ledger_api_v1_GetActiveContractsResponse, _com_daml_ledger_api_v1_GetActiveContractsRequest__Output, _com_daml_ledger_api_v1_GetActiveContractsResponse__Output>
}
