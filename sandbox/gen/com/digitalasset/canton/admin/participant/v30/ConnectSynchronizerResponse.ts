// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ConnectSynchronizerResponse {
  'connected_successfully'?: (boolean);
}

export interface ConnectSynchronizerResponse__Output {
  'connected_successfully'?: (boolean);
}
