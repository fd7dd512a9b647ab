// Original file: com/daml/ledger/api/v2/command_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { SubmitAndWaitForTransactionRequest as _com_daml_ledger_api_v2_SubmitAndWaitForTransactionRequest, SubmitAndWaitForTransactionRequest__Output as _com_daml_ledger_api_v2_SubmitAndWaitForTransactionRequest__Output } from '../../../../../com/daml/ledger/api/v2/SubmitAndWaitForTransactionRequest.js';
import type { SubmitAndWaitForTransactionResponse as _com_daml_ledger_api_v2_SubmitAndWaitForTransactionResponse, SubmitAndWaitForTransactionResponse__Output as _com_daml_ledger_api_v2_SubmitAndWaitForTransactionResponse__Output } from '../../../../../com/daml/ledger/api/v2/SubmitAndWaitForTransactionResponse.js';
import type { SubmitAndWaitRequest as _com_daml_ledger_api_v2_SubmitAndWaitRequest, SubmitAndWaitRequest__Output as _com_daml_ledger_api_v2_SubmitAndWaitRequest__Output } from '../../../../../com/daml/ledger/api/v2/SubmitAndWaitRequest.js';
import type { SubmitAndWaitResponse as _com_daml_ledger_api_v2_SubmitAndWaitResponse, SubmitAndWaitResponse__Output as _com_daml_ledger_api_v2_SubmitAndWaitResponse__Output } from '../../../../../com/daml/ledger/api/v2/SubmitAndWaitResponse.js';

export interface CommandServiceDefinition {
  SubmitAndWait: MethodDefinition<_com_daml_ledger_api_v2_SubmitAndWaitRequest, _com_daml_ledger_api_v2_SubmitAndWaitResponse, _com_daml_ledger_api_v2_SubmitAndWaitRequest__Output, _com_daml_ledger_api_v2_SubmitAndWaitResponse__Output>
  SubmitAndWaitForTransaction: MethodDefinition<_com_daml_ledger_api_v2_SubmitAndWaitForTransactionRequest, _com_daml_ledger_api_v2_SubmitAndWaitForTransactionResponse, _com_daml_ledger_api_v2_SubmitAndWaitForTransactionRequest__Output, _com_daml_ledger_api_v2_SubmitAndWaitForTransactionResponse__Output>
}
