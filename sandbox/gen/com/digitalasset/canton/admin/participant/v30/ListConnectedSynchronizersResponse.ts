// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface _com_digitalasset_canton_admin_participant_v30_ListConnectedSynchronizersResponse_Result {
  'synchronizer_alias'?: (string);
  'synchronizer_id'?: (string);
  'physical_synchronizer_id'?: (string);
  'healthy'?: (boolean);
}

export interface _com_digitalasset_canton_admin_participant_v30_ListConnectedSynchronizersResponse_Result__Output {
  'synchronizer_alias'?: (string);
  'synchronizer_id'?: (string);
  'physical_synchronizer_id'?: (string);
  'healthy'?: (boolean);
}

export interface ListConnectedSynchronizersResponse {
  'connected_synchronizers'?: (_com_digitalasset_canton_admin_participant_v30_ListConnectedSynchronizersResponse_Result)[];
}

export interface ListConnectedSynchronizersResponse__Output {
  'connected_synchronizers': (_com_digitalasset_canton_admin_participant_v30_ListConnectedSynchronizersResponse_Result__Output)[];
}
