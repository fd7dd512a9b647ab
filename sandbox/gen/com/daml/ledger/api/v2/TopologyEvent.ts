// Original file: com/daml/ledger/api/v2/transaction.proto

import type { ParticipantAuthorizationChanged as _com_daml_ledger_api_v2_ParticipantAuthorizationChanged, ParticipantAuthorizationChanged__Output as _com_daml_ledger_api_v2_ParticipantAuthorizationChanged__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantAuthorizationChanged.js';
import type { ParticipantAuthorizationRevoked as _com_daml_ledger_api_v2_ParticipantAuthorizationRevoked, ParticipantAuthorizationRevoked__Output as _com_daml_ledger_api_v2_ParticipantAuthorizationRevoked__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantAuthorizationRevoked.js';
import type { ParticipantAuthorizationAdded as _com_daml_ledger_api_v2_ParticipantAuthorizationAdded, ParticipantAuthorizationAdded__Output as _com_daml_ledger_api_v2_ParticipantAuthorizationAdded__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantAuthorizationAdded.js';
import type { ParticipantAuthorizationOnboarding as _com_daml_ledger_api_v2_ParticipantAuthorizationOnboarding, ParticipantAuthorizationOnboarding__Output as _com_daml_ledger_api_v2_ParticipantAuthorizationOnboarding__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantAuthorizationOnboarding.js';

export interface TopologyEvent {
  'participant_authorization_changed'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationChanged | null);
  'participant_authorization_revoked'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationRevoked | null);
  'participant_authorization_added'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationAdded | null);
  'participant_authorization_onboarding'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationOnboarding | null);
  'event'?: "participant_authorization_changed"|"participant_authorization_revoked"|"participant_authorization_added"|"participant_authorization_onboarding";
}

export interface TopologyEvent__Output {
  'participant_authorization_changed'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationChanged__Output);
  'participant_authorization_revoked'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationRevoked__Output);
  'participant_authorization_added'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationAdded__Output);
  'participant_authorization_onboarding'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationOnboarding__Output);
  'event'?: "participant_authorization_changed"|"participant_authorization_revoked"|"participant_authorization_added"|"participant_authorization_onboarding";
}
