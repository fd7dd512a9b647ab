// Original file: com/daml/ledger/api/v2/state_service.proto

import type { AssignedEvent as _com_daml_ledger_api_v2_AssignedEvent, AssignedEvent__Output as _com_daml_ledger_api_v2_AssignedEvent__Output } from '../../../../../com/daml/ledger/api/v2/AssignedEvent.js';

export interface IncompleteAssigned {
  'assigned_event'?: (_com_daml_ledger_api_v2_AssignedEvent | null);
}

export interface IncompleteAssigned__Output {
  'assigned_event'?: (_com_daml_ledger_api_v2_AssignedEvent__Output);
}
