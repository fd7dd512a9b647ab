// Original file: com/digitalasset/canton/topology/admin/v30/topology_aggregation_service.proto

import type { _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission, _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/Enums.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers {
  'participant_uid'?: (string);
  'synchronizers'?: (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers_SynchronizerPermissions)[];
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers__Output {
  'participant_uid'?: (string);
  'synchronizers': (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers_SynchronizerPermissions__Output)[];
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result {
  'party'?: (string);
  'participants'?: (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers)[];
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result__Output {
  'party'?: (string);
  'participants': (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers__Output)[];
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers_SynchronizerPermissions {
  'synchronizer_id'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission);
  'physical_synchronizer_id'?: (string);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result_ParticipantSynchronizers_SynchronizerPermissions__Output {
  'synchronizer_id'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output);
  'physical_synchronizer_id'?: (string);
}

export interface ListPartiesResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result)[];
}

export interface ListPartiesResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListPartiesResponse_Result__Output)[];
}
