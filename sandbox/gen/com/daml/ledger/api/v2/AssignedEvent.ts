// Original file: com/daml/ledger/api/v2/state_service.proto

import type { CreatedEvent as _com_daml_ledger_api_v2_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v2_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v2/CreatedEvent.js';
import type { Long } from '@grpc/proto-loader';

export interface AssignedEvent {
  'source'?: (string);
  'target'?: (string);
  'reassignment_id'?: (string);
  'submitter'?: (string);
  'reassignment_counter'?: (number | string | Long);
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent | null);
}

export interface AssignedEvent__Output {
  'source'?: (string);
  'target'?: (string);
  'reassignment_id'?: (string);
  'submitter'?: (string);
  'reassignment_counter'?: (string);
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent__Output);
}
