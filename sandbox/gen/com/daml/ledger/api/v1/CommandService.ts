// Original file: com/daml/ledger/api/v1/command_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../google/protobuf/Empty.js';
import type { SubmitAndWaitForTransactionIdResponse as _com_daml_ledger_api_v1_SubmitAndWaitForTransactionIdResponse, SubmitAndWaitForTransactionIdResponse__Output as _com_daml_ledger_api_v1_SubmitAndWaitForTransactionIdResponse__Output } from '../../../../../com/daml/ledger/api/v1/SubmitAndWaitForTransactionIdResponse.js';
import type { SubmitAndWaitForTransactionResponse as _com_daml_ledger_api_v1_SubmitAndWaitForTransactionResponse, SubmitAndWaitForTransactionResponse__Output as _com_daml_ledger_api_v1_SubmitAndWaitForTransactionResponse__Output } from '../../../../../com/daml/ledger/api/v1/SubmitAndWaitForTransactionResponse.js';
import type { SubmitAndWaitRequest as _com_daml_ledger_api_v1_SubmitAndWaitRequest, SubmitAndWaitRequest__Output as _com_daml_ledger_api_v1_SubmitAndWaitRequest__Output } from '../../../../../com/daml/ledger/api/v1/SubmitAndWaitRequest.js';

export interface CommandServiceDefinition {
  SubmitAndWait: MethodDefinition<_com_daml_ledger_api_v1_SubmitAndWaitRequest, _google_protobuf_Empty, _com_daml_ledger_api_v1_SubmitAndWaitRequest__Output, _google_protobuf_Empty__Output>
  SubmitAndWaitForTransaction: MethodDefinition<_com_daml_ledger_api_v1_SubmitAndWaitRequest, _com_daml_ledger_api_v1_SubmitAndWaitForTransactionResponse, _com_daml_ledger_api_v1_SubmitAndWaitRequest__Output, _com_daml_ledger_api_v1_SubmitAndWaitForTransactionResponse__Output>
  SubmitAndWaitForTransactionId: MethodDefinition<_com_daml_ledger_api_v1_SubmitAndWaitRequest, _com_daml_ledger_api_v1_SubmitAndWaitForTransactionIdResponse, _com_daml_ledger_api_v1_SubmitAndWaitRequest__Output, _com_daml_ledger_api_v1_SubmitAndWaitForTransactionIdResponse__Output>
}
