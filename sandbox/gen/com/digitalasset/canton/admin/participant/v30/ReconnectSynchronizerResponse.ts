// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ReconnectSynchronizerResponse {
  'connected_successfully'?: (boolean);
}

export interface ReconnectSynchronizerResponse__Output {
  'connected_successfully'?: (boolean);
}
