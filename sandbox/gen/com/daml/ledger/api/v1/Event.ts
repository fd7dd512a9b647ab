// Original file: com/daml/ledger/api/v1/event.proto

import type { CreatedEvent as _com_daml_ledger_api_v1_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v1_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v1/CreatedEvent.js';
import type { ArchivedEvent as _com_daml_ledger_api_v1_ArchivedEvent, ArchivedEvent__Output as _com_daml_ledger_api_v1_ArchivedEvent__Output } from '../../../../../com/daml/ledger/api/v1/ArchivedEvent.js';

export interface Event {
  'created'?: (_com_daml_ledger_api_v1_CreatedEvent | null);
  'archived'?: (_com_daml_ledger_api_v1_ArchivedEvent | null);
  'event'?: "created"|"archived";
}

export interface Event__Output {
  'created'?: (_com_daml_ledger_api_v1_CreatedEvent__Output);
  'archived'?: (_com_daml_ledger_api_v1_ArchivedEvent__Output);
  'event'?: "created"|"archived";
}
