// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExecuteSubmissionAndWaitRequest as _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitRequest, ExecuteSubmissionAndWaitRequest__Output as _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitRequest__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/ExecuteSubmissionAndWaitRequest.js';
import type { ExecuteSubmissionAndWaitResponse as _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitResponse, ExecuteSubmissionAndWaitResponse__Output as _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitResponse__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/ExecuteSubmissionAndWaitResponse.js';
import type { PrepareSubmissionRequest as _com_daml_ledger_api_v2_interactive_PrepareSubmissionRequest, PrepareSubmissionRequest__Output as _com_daml_ledger_api_v2_interactive_PrepareSubmissionRequest__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/PrepareSubmissionRequest.js';
import type { PrepareSubmissionResponse as _com_daml_ledger_api_v2_interactive_PrepareSubmissionResponse, PrepareSubmissionResponse__Output as _com_daml_ledger_api_v2_interactive_PrepareSubmissionResponse__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/PrepareSubmissionResponse.js';

export interface InteractiveSubmissionServiceDefinition {
  ExecuteSubmissionAndWait: MethodDefinition<_com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitRequest, _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitResponse, _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitRequest__Output, _com_daml_ledger_api_v2_interactive_ExecuteSubmissionAndWaitResponse__Output>
  PrepareSubmission: MethodDefinition<_com_daml_ledger_api_v2_interactive_PrepareSubmissionRequest, _com_daml_ledger_api_v2_interactive_PrepareSubmissionResponse, _com_daml_ledger_api_v2_interactive_PrepareSubmissionRequest__Output, _com_daml_ledger_api_v2_interactive_PrepareSubmissionResponse__Output>
}
