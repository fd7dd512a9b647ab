// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ListRegisteredSynchronizersRequest {
  'all_statuses'?: (boolean);
}

export interface ListRegisteredSynchronizersRequest__Output {
  'all_statuses'?: (boolean);
}
