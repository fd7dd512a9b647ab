// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface GetSynchronizerIdRequest {
  'synchronizer_alias'?: (string);
}

export interface GetSynchronizerIdRequest__Output {
  'synchronizer_alias'?: (string);
}
