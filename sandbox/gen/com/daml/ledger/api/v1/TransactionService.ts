// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetLedgerEndRequest as _com_daml_ledger_api_v1_GetLedgerEndRequest, GetLedgerEndRequest__Output as _com_daml_ledger_api_v1_GetLedgerEndRequest__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerEndRequest.js';
import type { GetLedgerEndResponse as _com_daml_ledger_api_v1_GetLedgerEndResponse, GetLedgerEndResponse__Output as _com_daml_ledger_api_v1_GetLedgerEndResponse__Output } from '../../../../../com/daml/ledger/api/v1/GetLedgerEndResponse.js';

export interface TransactionServiceDefinition {
  GetLedgerEnd: MethodDefinition<_com_daml_ledger_api_v1_GetLedgerEndRequest, _com_daml_ledger_api_v1_GetLedgerEndResponse, _com_daml_ledger_api_v1_GetLedgerEndRequest__Output, _com_daml_ledger_api_v1_GetLedgerEndResponse__Output>
}
