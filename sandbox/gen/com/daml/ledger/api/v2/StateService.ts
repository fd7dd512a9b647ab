// Original file: com/daml/ledger/api/v2/state_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetActiveContractsRequest as _com_daml_ledger_api_v2_GetActiveContractsRequest, GetActiveContractsRequest__Output as _com_daml_ledger_api_v2_GetActiveContractsRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetActiveContractsRequest.js';
import type { GetActiveContractsResponse as _com_daml_ledger_api_v2_GetActiveContractsResponse, GetActiveContractsResponse__Output as _com_daml_ledger_api_v2_GetActiveContractsResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetActiveContractsResponse.js';
import type { GetConnectedSynchronizersRequest as _com_daml_ledger_api_v2_GetConnectedSynchronizersRequest, GetConnectedSynchronizersRequest__Output as _com_daml_ledger_api_v2_GetConnectedSynchronizersRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetConnectedSynchronizersRequest.js';
import type { GetConnectedSynchronizersResponse as _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse, GetConnectedSynchronizersResponse__Output as _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetConnectedSynchronizersResponse.js';
import type { GetLatestPrunedOffsetsRequest as _com_daml_ledger_api_v2_GetLatestPrunedOffsetsRequest, GetLatestPrunedOffsetsRequest__Output as _com_daml_ledger_api_v2_GetLatestPrunedOffsetsRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetLatestPrunedOffsetsRequest.js';
import type { GetLatestPrunedOffsetsResponse as _com_daml_ledger_api_v2_GetLatestPrunedOffsetsResponse, GetLatestPrunedOffsetsResponse__Output as _com_daml_ledger_api_v2_GetLatestPrunedOffsetsResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetLatestPrunedOffsetsResponse.js';
import type { GetLedgerEndRequest as _com_daml_ledger_api_v2_GetLedgerEndRequest, GetLedgerEndRequest__Output as _com_daml_ledger_api_v2_GetLedgerEndRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetLedgerEndRequest.js';
import type { GetLedgerEndResponse as _com_daml_ledger_api_v2_GetLedgerEndResponse, GetLedgerEndResponse__Output as _com_daml_ledger_api_v2_GetLedgerEndResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetLedgerEndResponse.js';

export interface StateServiceDefinition {
  GetActiveContracts: MethodDefinition<_com_daml_ledger_api_v2_GetActiveContractsRequest, _com_daml_ledger_api_v2_GetActiveContractsResponse, _com_daml_ledger_api_v2_GetActiveContractsRequest__Output, _com_daml_ledger_api_v2_GetActiveContractsResponse__Output>
  GetConnectedSynchronizers: MethodDefinition<_com_daml_ledger_api_v2_GetConnectedSynchronizersRequest, _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse, _com_daml_ledger_api_v2_GetConnectedSynchronizersRequest__Output, _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse__Output>
  GetLatestPrunedOffsets: MethodDefinition<_com_daml_ledger_api_v2_GetLatestPrunedOffsetsRequest, _com_daml_ledger_api_v2_GetLatestPrunedOffsetsResponse, _com_daml_ledger_api_v2_GetLatestPrunedOffsetsRequest__Output, _com_daml_ledger_api_v2_GetLatestPrunedOffsetsResponse__Output>
  GetLedgerEnd: MethodDefinition<_com_daml_ledger_api_v2_GetLedgerEndRequest, _com_daml_ledger_api_v2_GetLedgerEndResponse, _com_daml_ledger_api_v2_GetLedgerEndRequest__Output, _com_daml_ledger_api_v2_GetLedgerEndResponse__Output>
}
