// Original file: com/daml/ledger/api/v1/event.proto

import type { Identifier as _com_daml_ledger_api_v1_Identifier, Identifier__Output as _com_daml_ledger_api_v1_Identifier__Output } from '../../../../../com/daml/ledger/api/v1/Identifier.js';

export interface ArchivedEvent {
  'event_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v1_Identifier | null);
  'witness_parties'?: (string)[];
}

export interface ArchivedEvent__Output {
  'event_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v1_Identifier__Output);
  'witness_parties': (string)[];
}
