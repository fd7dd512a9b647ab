// Original file: com/daml/ledger/api/v1/command_service.proto

import type { Command as _com_daml_ledger_api_v1_Command, Command__Output as _com_daml_ledger_api_v1_Command__Output } from '../../../../../com/daml/ledger/api/v1/Command.js';

export interface Commands {
  'ledger_id'?: (string);
  'workflow_id'?: (string);
  'application_id'?: (string);
  'command_id'?: (string);
  'party'?: (string);
  'commands'?: (_com_daml_ledger_api_v1_Command)[];
  'act_as'?: (string)[];
  'read_as'?: (string)[];
  'submission_id'?: (string);
}

export interface Commands__Output {
  'ledger_id'?: (string);
  'workflow_id'?: (string);
  'application_id'?: (string);
  'command_id'?: (string);
  'party'?: (string);
  'commands': (_com_daml_ledger_api_v1_Command__Output)[];
  'act_as': (string)[];
  'read_as': (string)[];
  'submission_id'?: (string);
}
