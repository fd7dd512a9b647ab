// Original file: com/daml/ledger/api/v1/command_service.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';
import type { Record as _com_daml_ledger_api_v1_Record, Record__Output as _com_daml_ledger_api_v1_Record__Output } from '../../../../../com/daml/ledger/api/v1/Record.js';

export interface CreateCommand {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'create_arguments'?: (_com_daml_ledger_api_v1_Record | null);
}

export interface CreateCommand__Output {
  'template_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'create_arguments'?: (_com_daml_ledger_api_v1_Record__Output);
}
