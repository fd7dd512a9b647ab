// Original file: com/daml/ledger/api/v2/state_service.proto

import type { ParticipantPermission as _com_daml_ledger_api_v2_ParticipantPermission, ParticipantPermission__Output as _com_daml_ledger_api_v2_ParticipantPermission__Output } from '../../../../../com/daml/ledger/api/v2/ParticipantPermission.js';

export interface _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse_ConnectedSynchronizer {
  'synchronizer_alias'?: (string);
  'synchronizer_id'?: (string);
  'permission'?: (_com_daml_ledger_api_v2_ParticipantPermission);
}

export interface _com_daml_ledger_api_v2_GetConnectedSynchronizersResponse_ConnectedSynchronizer__Output {
  'synchronizer_alias'?: (string);
  'synchronizer_id'?: (string);
  'permission'?: (_com_daml_ledger_api_v2_ParticipantPermission__Output);
}

export interface GetConnectedSynchronizersResponse {
  'connected_synchronizers'?: (_com_daml_ledger_api_v2_GetConnectedSynchronizersResponse_ConnectedSynchronizer)[];
}

export interface GetConnectedSynchronizersResponse__Output {
  'connected_synchronizers': (_com_daml_ledger_api_v2_GetConnectedSynchronizersResponse_ConnectedSynchronizer__Output)[];
}
