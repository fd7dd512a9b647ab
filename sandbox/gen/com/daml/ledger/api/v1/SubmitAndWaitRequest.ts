// Original file: com/daml/ledger/api/v1/command_service.proto

import type { Commands as _com_daml_ledger_api_v1_Commands, Commands__Output as _com_daml_ledger_api_v1_Commands__Output } from '../../../../../com/daml/ledger/api/v1/Commands.js';

export interface SubmitAndWaitRequest {
  'commands'?: (_com_daml_ledger_api_v1_Commands | null);
}

export interface SubmitAndWaitRequest__Output {
  'commands'?: (_com_daml_ledger_api_v1_Commands__Output);
}
