// Original file: com/daml/ledger/api/v1/transaction_service.proto

import type { LedgerOffset as _com_daml_ledger_api_v1_LedgerOffset, LedgerOffset__Output as _com_daml_ledger_api_v1_LedgerOffset__Output } from '../../../../../com/daml/ledger/api/v1/LedgerOffset.js';

export interface GetLatestPrunedOffsetsResponse {
  'participant_pruned_up_to_inclusive'?: (_com_daml_ledger_api_v1_LedgerOffset | null);
  'all_divulged_contracts_pruned_up_to_inclusive'?: (_com_daml_ledger_api_v1_LedgerOffset | null);
}

export interface GetLatestPrunedOffsetsResponse__Output {
  'participant_pruned_up_to_inclusive'?: (_com_daml_ledger_api_v1_LedgerOffset__Output);
  'all_divulged_contracts_pruned_up_to_inclusive'?: (_com_daml_ledger_api_v1_LedgerOffset__Output);
}
