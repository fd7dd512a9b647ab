// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ReconnectSynchronizerRequest {
  'synchronizer_alias'?: (string);
  'retry'?: (boolean);
}

export interface ReconnectSynchronizerRequest__Output {
  'synchronizer_alias'?: (string);
  'retry'?: (boolean);
}
