// Original file: com/daml/ledger/api/v2/transaction.proto

import type { ParticipantPermission as _com_daml_ledger_api_v2_ParticipantPermission, ParticipantPermission__Output as _com_daml_ledger_api_v2_ParticipantPermission__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantPermission.js';

export interface ParticipantAuthorizationAdded {
  'party_id'?: (string);
  'participant_id'?: (string);
  'participant_permission'?: (_com_daml_ledger_api_v2_ParticipantPermission);
}

export interface ParticipantAuthorizationAdded__Output {
  'party_id'?: (string);
  'participant_id'?: (string);
  'participant_permission'?: (_com_daml_ledger_api_v2_ParticipantPermission__Output);
}
