// Original file: com/daml/ledger/api/v2/interactive/transaction/v1/interactive_submission_data.proto

import type { Create as _com_daml_ledger_api_v2_interactive_transaction_v1_Create, Create__Output as _com_daml_ledger_api_v2_interactive_transaction_v1_Create__Output } from '../../../../../../../../com/daml/ledger/api/v2/interactive/transaction/v1/Create.js';
import type { Exercise as _com_daml_ledger_api_v2_interactive_transaction_v1_Exercise, Exercise__Output as _com_daml_ledger_api_v2_interactive_transaction_v1_Exercise__Output } from '../../../../../../../../com/daml/ledger/api/v2/interactive/transaction/v1/Exercise.js';

export interface Node {
  'create'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Create | null);
  'exercise'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Exercise | null);
  'node_type'?: "create"|"exercise";
}

export interface Node__Output {
  'create'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Create__Output);
  'exercise'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Exercise__Output);
  'node_type'?: "create"|"exercise";
}
