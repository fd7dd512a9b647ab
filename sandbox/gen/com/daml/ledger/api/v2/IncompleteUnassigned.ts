// Original file: com/daml/ledger/api/v2/state_service.proto

import type { CreatedEvent as _com_daml_ledger_api_v2_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v2_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v2/CreatedEvent.js';
import type { UnassignedEvent as _com_daml_ledger_api_v2_UnassignedEvent, UnassignedEvent__Output as _com_daml_ledger_api_v2_UnassignedEvent__Output } from '../../../../../com/daml/ledger/api/v2/UnassignedEvent.js';

export interface IncompleteUnassigned {
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent | null);
  'unassigned_event'?: (_com_daml_ledger_api_v2_UnassignedEvent | null);
}

export interface IncompleteUnassigned__Output {
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent__Output);
  'unassigned_event'?: (_com_daml_ledger_api_v2_UnassignedEvent__Output);
}
