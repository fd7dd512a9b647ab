// Original file: com/daml/ledger/api/v2/state_service.proto

import type { ActiveContract as _com_daml_ledger_api_v2_ActiveContract, ActiveContract__Output as _com_daml_ledger_api_v2_ActiveContract__Output } from '../../../../../com/daml/ledger/api/v2/ActiveContract.js';
import type { IncompleteUnassigned as _com_daml_ledger_api_v2_IncompleteUnassigned, IncompleteUnassigned__Output as _com_daml_ledger_api_v2_IncompleteUnassigned__Output } from '../../../../../com/daml/ledger/api/v2/IncompleteUnassigned.js';
import type { IncompleteAssigned as _com_daml_ledger_api_v2_IncompleteAssigned, IncompleteAssigned__Output as _com_daml_ledger_api_v2_IncompleteAssigned__Output } from '../../../../../com/daml/ledger/api/v2/IncompleteAssigned.js';

export interface GetActiveContractsResponse {
  'workflow_id'?: (string);
  'active_contract'?: (_com_daml_ledger_api_v2_ActiveContract | null);
  'incomplete_unassigned'?: (_com_daml_ledger_api_v2_IncompleteUnassigned | null);
  'incomplete_assigned'?: (_com_daml_ledger_api_v2_IncompleteAssigned | null);
  'stream_continuation_token'?: (Buffer | Uint8Array | string);
  'contract_entry'?: "active_contract"|"incomplete_unassigned"|"incomplete_assigned";
}

export interface GetActiveContractsResponse__Output {
  'workflow_id'?: (string);
  'active_contract'?: (_com_daml_ledger_api_v2_ActiveContract__Output);
  'incomplete_unassigned'?: (_com_daml_ledger_api_v2_IncompleteUnassigned__Output);
  'incomplete_assigned'?: (_com_daml_ledger_api_v2_IncompleteAssigned__Output);
  'stream_continuation_token'?: (Buffer);
  'contract_entry'?: "active_contract"|"incomplete_unassigned"|"incomplete_assigned";
}
