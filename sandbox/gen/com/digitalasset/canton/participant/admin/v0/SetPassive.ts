// Original file: com/digitalasset/canton/participant/admin/v0/enterprise_participant_replication_service.proto


export interface _com_digitalasset_canton_participant_admin_v0_SetPassive_Request {
}

export interface _com_digitalasset_canton_participant_admin_v0_SetPassive_Request__Output {
}

export interface _com_digitalasset_canton_participant_admin_v0_SetPassive_Response {
  'became_passive'?: (boolean);
}

export interface _com_digitalasset_canton_participant_admin_v0_SetPassive_Response__Output {
  'became_passive'?: (boolean);
}

export interface SetPassive {
}

export interface SetPassive__Output {
}
