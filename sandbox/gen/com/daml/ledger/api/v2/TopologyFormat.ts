// Original file: com/daml/ledger/api/v2/update_service.proto

import type { ParticipantAuthorizationTopologyFormat as _com_daml_ledger_api_v2_ParticipantAuthorizationTopologyFormat, ParticipantAuthorizationTopologyFormat__Output as _com_daml_ledger_api_v2_ParticipantAuthorizationTopologyFormat__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantAuthorizationTopologyFormat.js';

export interface TopologyFormat {
  'include_participant_authorization_events'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationTopologyFormat | null);
}

export interface TopologyFormat__Output {
  'include_participant_authorization_events'?: (_com_daml_ledger_api_v2_ParticipantAuthorizationTopologyFormat__Output);
}
