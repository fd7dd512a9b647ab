// Original file: com/daml/ledger/api/v2/interactive/transaction/v1/interactive_submission_data.proto

import type { Identifier as _com_daml_ledger_api_v2_Identifier, Identifier__Output as _com_daml_ledger_api_v2_Identifier__Output } from '../../../../../../../../com/daml/ledger/api/v2/Identifier.js';
import type { Value as _com_daml_ledger_api_v2_Value, Value__Output as _com_daml_ledger_api_v2_Value__Output } from '../../../../../../../../com/daml/ledger/api/v2/Value.js';

export interface Exercise {
  'lf_version'?: (string);
  'contract_id'?: (string);
  'package_name'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier | null);
  'signatories'?: (string)[];
  'stakeholders'?: (string)[];
  'acting_parties'?: (string)[];
  'choice_id'?: (string);
  'chosen_value'?: (_com_daml_ledger_api_v2_Value | null);
  'consuming'?: (boolean);
  'children'?: (string)[];
  'exercise_result'?: (_com_daml_ledger_api_v2_Value | null);
}

export interface Exercise__Output {
  'lf_version'?: (string);
  'contract_id'?: (string);
  'package_name'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier__Output);
  'signatories': (string)[];
  'stakeholders': (string)[];
  'acting_parties': (string)[];
  'choice_id'?: (string);
  'chosen_value'?: (_com_daml_ledger_api_v2_Value__Output);
  'consuming'?: (boolean);
  'children': (string)[];
  'exercise_result'?: (_com_daml_ledger_api_v2_Value__Output);
}
