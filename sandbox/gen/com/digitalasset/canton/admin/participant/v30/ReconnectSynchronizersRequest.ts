// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ReconnectSynchronizersRequest {
  'ignore_failures'?: (boolean);
}

export interface ReconnectSynchronizersRequest__Output {
  'ignore_failures'?: (boolean);
}
