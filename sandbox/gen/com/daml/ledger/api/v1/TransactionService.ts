// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetLatestPrunedOffsetsRequest as _com_daml_ledger_api_v1_GetLatestPrunedOffsetsRequest, GetLatestPrunedOffsetsRequest__Output as _com_daml_ledger_api_v1_GetLatestPrunedOffsetsRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetLatestPrunedOffsetsRequest.js';
import type { GetLatestPrunedOffsetsResponse as _com_daml_ledger_api_v1_GetLatestPrunedOffsetsResponse, GetLatestPrunedOffsetsResponse__Output as _com_daml_ledger_api_v1_GetLatestPrunedOffsetsResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetLatestPrunedOffsetsResponse.js';
import type { GetLedgerEndRequest as _com_daml_ledger_api_v1_GetLedgerEndRequest, GetLedgerEndRequest__Output as _com_daml_ledger_api_v1_GetLedgerEndRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerEndRequest.js';
import type { GetLedgerEndResponse as _com_daml_ledger_api_v1_GetLedgerEndResponse, GetLedgerEndResponse__Output as _com_daml_ledger_api_v1_GetLedgerEndResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerEndResponse.js';
import type { GetTransactionsRequest as _com_daml_ledger_api_v1_GetTransactionsRequest, GetTransactionsRequest__Output as _com_daml_ledger_api_v1_GetTransactionsRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetTransactionsRequest.js';
import type { GetTransactionsResponse as _com_daml_ledger_api_v1_GetTransactionsResponse, GetTransactionsResponse__Output as _com_daml_ledger_api_v1_GetTransactionsResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetTransactionsResponse.js';

export interface TransactionServiceDefinition {
  GetLatestPrunedOffsets: MethodDefinition<_com_daml_ledger_api_v1_GetLatestPrunedOffsetsRequest, _com_daml_ledger_api_v1_GetLatestPrunedOffsetsResponse, _com_daml_ledger_api_v1_GetLatestPrunedOffsetsRequest__Output, _com_daml_ledger_api_v1_GetLatestPrunedOffsetsResponse__Output>
  GetLedgerEnd: MethodDefinition<_com_daml_ledger_api_v1_GetLedgerEndRequest, _com_daml_ledger_api_v1_GetLedgerEndResponse, _com_daml_ledger_api_v1_GetLedgerEndRequest__Output, _com_daml_ledger_api_v1_GetLedgerEndResponse__Output>
  GetTransactions: MethodDefinition<_com_daml_ledger_api_v1_GetTransactionsRequest, _com_daml_ledger_api_v1_GetTransactionsResponse, _com_daml_ledger_api_v1_GetTransactionsRequest__Output, _com_daml_ledger_api_v1_GetTransactionsResponse__Output>
}
