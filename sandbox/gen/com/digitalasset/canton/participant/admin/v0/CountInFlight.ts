// Original file: com/digitalasset/canton/participant/admin/v0/inspection_service.proto


export interface _com_digitalasset_canton_participant_admin_v0_CountInFlight_Request {
  'domain_id'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_CountInFlight_Request__Output {
  'domain_id'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response {
  'pending_submissions'?: (number);
  'pending_transactions'?: (number);
}

export interface _com_digitalasset_canton_participant_admin_v0_CountInFlight_Response__Output {
  'pending_submissions'?: (number);
  'pending_transactions'?: (number);
}

export interface CountInFlight {
}

export interface CountInFlight__Output {
}
