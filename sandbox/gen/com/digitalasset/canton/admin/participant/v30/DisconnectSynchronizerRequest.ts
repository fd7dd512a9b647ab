// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface DisconnectSynchronizerRequest {
  'synchronizer_alias'?: (string);
}

export interface DisconnectSynchronizerRequest__Output {
  'synchronizer_alias'?: (string);
}
