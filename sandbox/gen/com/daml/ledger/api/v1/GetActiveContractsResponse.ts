// Original file: com/daml/ledger/api/v1/active_contracts_service.proto

import type { CreatedEvent as _com_daml_ledger_api_v1_CreatedEvent, CreatedEvent__Output as _com_daml_ledger_api_v1_CreatedEvent__Output } from '../../../../../com/daml/ledger/api/v1/CreatedEvent.js';

export interface GetActiveContractsResponse {
  'offset'?: (string);
  'workflow_id'?: (string);
  'active_contracts'?: (_com_daml_ledger_api_v1_CreatedEvent)[];
}

export interface GetActiveContractsResponse__Output {
  'offset'?: (string);
  'workflow_id'?: (string);
  'active_contracts': (_com_daml_ledger_api_v1_CreatedEvent__Output)[];
}
