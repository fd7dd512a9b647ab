// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { SinglePartySignatures as _com_daml_ledger_api_v2_interactive_SinglePartySignatures, SinglePartySignatures__Output as _com_daml_ledger_api_v2_interactive_SinglePartySignatures__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/SinglePartySignatures.js';

export interface PartySignatures {
  'signatures'?: (_com_daml_ledger_api_v2_interactive_SinglePartySignatures)[];
}

export interface PartySignatures__Output {
  'signatures': (_com_daml_ledger_api_v2_interactive_SinglePartySignatures__Output)[];
}
