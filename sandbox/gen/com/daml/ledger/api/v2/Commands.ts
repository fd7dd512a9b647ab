// Original file: com/daml/ledger/api/v2/command_service.proto

import type { Command as _com_daml_ledger_api_v2_Command, Command__Output as _com_daml_ledger_api_v2_Command__Output } from '../../../../../com/daml/ledger/api/v2/Command.js';

export interface Commands {
  'workflow_id'?: (string);
  'user_id'?: (string);
  'command_id'?: (string);
  'commands'?: (_com_daml_ledger_api_v2_Command)[];
  'act_as'?: (string)[];
  'read_as'?: (string)[];
  'submission_id'?: (string);
}

export interface Commands__Output {
  'workflow_id'?: (string);
  'user_id'?: (string);
  'command_id'?: (string);
  'commands': (_com_daml_ledger_api_v2_Command__Output)[];
  'act_as': (string)[];
  'read_as': (string)[];
  'submission_id'?: (string);
}
