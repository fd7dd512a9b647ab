// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { PreparedTransaction as _com_daml_ledger_api_v2_interactive_PreparedTransaction, PreparedTransaction__Output as _com_daml_ledger_api_v2_interactive_PreparedTransaction__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/PreparedTransaction.js';
import type { HashingSchemeVersion as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion, HashingSchemeVersion__Output as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/HashingSchemeVersion.js';
import type { CostEstimation as _com_daml_ledger_api_v2_interactive_CostEstimation, CostEstimation__Output as _com_daml_ledger_api_v2_interactive_CostEstimation__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/CostEstimation.js';

export interface PrepareSubmissionResponse {
  'prepared_transaction'?: (_com_daml_ledger_api_v2_interactive_PreparedTransaction | null);
  'prepared_transaction_hash'?: (Buffer | Uint8Array | string);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion);
  'cost_estimation'?: (_com_daml_ledger_api_v2_interactive_CostEstimation | null);
}

export interface PrepareSubmissionResponse__Output {
  'prepared_transaction'?: (_com_daml_ledger_api_v2_interactive_PreparedTransaction__Output);
  'prepared_transaction_hash'?: (Buffer);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output);
  'cost_estimation'?: (_com_daml_ledger_api_v2_interactive_CostEstimation__Output);
}
