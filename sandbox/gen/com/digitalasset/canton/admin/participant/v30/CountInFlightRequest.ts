// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto


export interface CountInFlightRequest {
  'synchronizer_id'?: (string);
}

export interface CountInFlightRequest__Output {
  'synchronizer_id'?: (string);
}
