// Original file: com/daml/ledger/api/v1/command_service.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';
import type { Value as _com_daml_ledger_api_v1_Value, Value__Output as _com_daml_ledger_api_v1_Value__Output } from '../../../../../com/daml/ledger/api/v1/Value.js';

export interface ExerciseByKeyCommand {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'contract_key'?: (_com_daml_ledger_api_v1_Value | null);
  'choice'?: (string);
  'choice_argument'?: (_com_daml_ledger_api_v1_Value | null);
}

export interface ExerciseByKeyCommand__Output {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'contract_key'?: (_com_daml_ledger_api_v1_Value__Output);
  'choice'?: (string);
  'choice_argument'?: (_com_daml_ledger_api_v1_Value__Output);
}
