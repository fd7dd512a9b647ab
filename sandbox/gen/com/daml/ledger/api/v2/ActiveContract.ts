// Original file: com/daml/ledger/api/v2/state_service.proto

import type { CreatedEvent as _com_daml_ledger_api_v2_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v2_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v2/CreatedEvent.js';
import type { Long } from '@grpc/proto-loader';

export interface ActiveContract {
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent | null);
  'synchronizer_id'?: (string);
  'reassignment_counter'?: (number | string | Long);
}

export interface ActiveContract__Output {
  'created_event'?: (_com_daml_ledger_api_v2_CreatedEvent__Output);
  'synchronizer_id'?: (string);
  'reassignment_counter'?: (string);
}
