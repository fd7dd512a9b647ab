// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { DamlTransaction as _com_daml_ledger_api_v2_interactive_DamlTransaction, DamlTransaction__Output as _com_daml_ledger_api_v2_interactive_DamlTransaction__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/DamlTransaction.js';
import type { Metadata as _com_daml_ledger_api_v2_interactive_Metadata, Metadata__Output as _com_daml_ledger_api_v2_interactive_Metadata__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/Metadata.js';

export interface PreparedTransaction {
  'transaction'?: (_com_daml_ledger_api_v2_interactive_DamlTransaction | null);
  'metadata'?: (_com_daml_ledger_api_v2_interactive_Metadata | null);
}

export interface PreparedTransaction__Output {
  'transaction'?: (_com_daml_ledger_api_v2_interactive_DamlTransaction__Output);
  'metadata'?: (_com_daml_ledger_api_v2_interactive_Metadata__Output);
}
