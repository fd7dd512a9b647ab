// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto


export interface CountInFlightResponse {
  'pending_submissions'?: (number);
  'pending_transactions'?: (number);
}

export interface CountInFlightResponse__Output {
  'pending_submissions'?: (number);
  'pending_transactions'?: (number);
}
