// Original file: com/daml/ledger/api/v2/command_service.proto

import type { CreateCommand as _com_daml_ledger_api_v2_CreateCommand, CreateCommand__Output as _com_daml_ledger_api_v2_CreateCommand__Output } from '../../../../../com/daml/ledger/api/v2/CreateCommand.js';
import type { ExerciseCommand as _com_daml_ledger_api_v2_ExerciseCommand, ExerciseCommand__Output as _com_daml_ledger_api_v2_ExerciseCommand__Output } from '../../../../../com/daml/ledger/api/v2/ExerciseCommand.js';

export interface Command {
  'create'?: (_com_daml_ledger_api_v2_CreateCommand | null);
  'exercise'?: (_com_daml_ledger_api_v2_ExerciseCommand | null);
  'command'?: "create"|"exercise";
}

export interface Command__Output {
  'create'?: (_com_daml_ledger_api_v2_CreateCommand__Output);
  'exercise'?: (_com_daml_ledger_api_v2_ExerciseCommand__Output);
  'command'?: "create"|"exercise";
}
