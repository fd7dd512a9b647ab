// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface GetSynchronizerIdResponse {
  'synchronizer_id'?: (string);
  'physical_synchronizer_id'?: (string);
}

export interface GetSynchronizerIdResponse__Output {
  'synchronizer_id'?: (string);
  'physical_synchronizer_id'?: (string);
}
