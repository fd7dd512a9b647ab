// Original file: com/daml/ledger/api/v2/event.proto

import type { CreatedEvent as _com_daml_ledger_api_v2_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v2_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v2/CreatedEvent.js';
import type { ArchivedEvent as _com_daml_ledger_api_v2_ArchivedEvent, ArchivedEvent__Output as _com_daml_ledger_api_v2_ArchivedEvent__Output } from '../../../../../com/daml/ledger/api/v2/ArchivedEvent.js';

export interface Event {
  'created'?: (_com_daml_ledger_api_v2_CreatedEvent | null);
  'archived'?: (_com_daml_ledger_api_v2_ArchivedEvent | null);
  'event'?: "created"|"archived";
}

export interface Event__Output {
  'created'?: (_com_daml_ledger_api_v2_CreatedEvent__Output);
  'archived'?: (_com_daml_ledger_api_v2_ArchivedEvent__Output);
  'event'?: "created"|"archived";
}
