// Original file: com/daml/ledger/api/v2/command_service.proto

import type { Commands as _com_daml_ledger_api_v2_Commands, Commands__Output as _com_daml_ledger_api_v2_Commands__Output } from '../../../../../com/daml/ledger/api/v2/Commands.js';

export interface SubmitAndWaitRequest {
  'commands'?: (_com_daml_ledger_api_v2_Commands | null);
}

export interface SubmitAndWaitRequest__Output {
  'commands'?: (_com_daml_ledger_api_v2_Commands__Output);
}
