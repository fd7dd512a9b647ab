// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Signature as _com_daml_ledger_api_v2_Signature, Signature__Output as _com_daml_ledger_api_v2_Signature__Output } from '../../../../../../com/daml/ledger/api/v2/Signature.js';

export interface SinglePartySignatures {
  'party'?: (string);
  'signatures'?: (_com_daml_ledger_api_v2_Signature)[];
}

export interface SinglePartySignatures__Output {
  'party'?: (string);
  'signatures': (_com_daml_ledger_api_v2_Signature__Output)[];
}
