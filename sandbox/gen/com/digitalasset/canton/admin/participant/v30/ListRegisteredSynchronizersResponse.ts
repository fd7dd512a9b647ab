// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

import type { SynchronizerConnectionConfig as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig, SynchronizerConnectionConfig__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerConnectionConfig.js';
import type { SynchronizerPredecessor as _com_digitalasset_canton_topology_admin_v30_SynchronizerPredecessor, SynchronizerPredecessor__Output as _com_digitalasset_canton_topology_admin_v30_SynchronizerPredecessor__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/SynchronizerPredecessor.js';

export interface _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Result {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig | null);
  'connected'?: (boolean);
  'physical_synchronizer_id'?: (string);
  'status'?: (_com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status);
  'synchronizer_predecessor'?: (_com_digitalasset_canton_topology_admin_v30_SynchronizerPredecessor | null);
  '_physical_synchronizer_id'?: "physical_synchronizer_id";
  '_synchronizer_predecessor'?: "synchronizer_predecessor";
}

export interface _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Result__Output {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output);
  'connected'?: (boolean);
  'physical_synchronizer_id'?: (string);
  'status'?: (_com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status__Output);
  'synchronizer_predecessor'?: (_com_digitalasset_canton_topology_admin_v30_SynchronizerPredecessor__Output);
  '_physical_synchronizer_id'?: "physical_synchronizer_id";
  '_synchronizer_predecessor'?: "synchronizer_predecessor";
}

// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

export const _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status = {
  STATUS_UNSPECIFIED: 'STATUS_UNSPECIFIED',
  STATUS_ACTIVE: 'STATUS_ACTIVE',
  STATUS_HARD_MIGRATING_SOURCE: 'STATUS_HARD_MIGRATING_SOURCE',
  STATUS_HARD_MIGRATING_TARGET: 'STATUS_HARD_MIGRATING_TARGET',
  STATUS_LSU_SOURCE: 'STATUS_LSU_SOURCE',
  STATUS_LSU_TARGET: 'STATUS_LSU_TARGET',
  STATUS_INACTIVE: 'STATUS_INACTIVE',
} as const;

export type _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status =
  | 'STATUS_UNSPECIFIED'
  | 0
  | 'STATUS_ACTIVE'
  | 1
  | 'STATUS_HARD_MIGRATING_SOURCE'
  | 2
  | 'STATUS_HARD_MIGRATING_TARGET'
  | 3
  | 'STATUS_LSU_SOURCE'
  | 4
  | 'STATUS_LSU_TARGET'
  | 5
  | 'STATUS_INACTIVE'
  | 6

export type _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status__Output = typeof _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status[keyof typeof _com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Status]

export interface ListRegisteredSynchronizersResponse {
  'results'?: (_com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Result)[];
}

export interface ListRegisteredSynchronizersResponse__Output {
  'results': (_com_digitalasset_canton_admin_participant_v30_ListRegisteredSynchronizersResponse_Result__Output)[];
}
