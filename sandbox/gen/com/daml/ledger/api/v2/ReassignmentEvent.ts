// Original file: com/daml/ledger/api/v2/update_service.proto

import type { UnassignedEvent as _com_daml_ledger_api_v2_UnassignedEvent, UnassignedEvent__Output as _com_daml_ledger_api_v2_UnassignedEvent__Output } from '../../../../../com/daml/ledger/api/v2/UnassignedEvent.js';
import type { AssignedEvent as _com_daml_ledger_api_v2_AssignedEvent, AssignedEvent__Output as _com_daml_ledger_api_v2_AssignedEvent__Output } from '../../../../../com/daml/ledger/api/v2/AssignedEvent.js';

export interface ReassignmentEvent {
  'unassigned'?: (_com_daml_ledger_api_v2_UnassignedEvent | null);
  'assigned'?: (_com_daml_ledger_api_v2_AssignedEvent | null);
  'event'?: "unassigned"|"assigned";
}

export interface ReassignmentEvent__Output {
  'unassigned'?: (_com_daml_ledger_api_v2_UnassignedEvent__Output);
  'assigned'?: (_com_daml_ledger_api_v2_AssignedEvent__Output);
  'event'?: "unassigned"|"assigned";
}
