// Original file: com/daml/ledger/api/v1/command_service.proto

import type { CreateCommand as _com_daml_ledger_api_v1_CreateCommand, CreateCommand__Output as _com_daml_ledger_api_v1_CreateCommand__Output } from '../../../../../com/daml/ledger/api/v1/CreateCommand.js';
import type { ExerciseCommand as _com_daml_ledger_api_v1_ExerciseCommand, ExerciseCommand__Output as _com_daml_ledger_api_v1_ExerciseCommand__Output } from '../../../../../com/daml/ledger/api/v1/ExerciseCommand.js';
import type { ExerciseByKeyCommand as _com_daml_ledger_api_v1_ExerciseByKeyCommand, ExerciseByKeyCommand__Output as _com_daml_ledger_api_v1_ExerciseByKeyCommand__Output } from '../../../../../com/daml/ledger/api/v1/ExerciseByKeyCommand.js';

export interface Command {
  'create'?: (_com_daml_ledger_api_v1_CreateCommand | null);
  'exercise'?: (_com_daml_ledger_api_v1_ExerciseCommand | null);
  'exerciseByKey'?: (_com_daml_ledger_api_v1_ExerciseByKeyCommand | null);
  'command'?: "create"|"exercise"|"exerciseByKey";
}

export interface Command__Output {
  'create'?: (_com_daml_ledger_api_v1_CreateCommand__Output);
  'exercise'?: (_com_daml_ledger_api_v1_ExerciseCommand__Output);
  'exerciseByKey'?: (_com_daml_ledger_api_v1_ExerciseByKeyCommand__Output);
  'command'?: "create"|"exercise"|"exerciseByKey";
}
