// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface _com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Failure {
  'reason'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Failure__Output {
  'reason'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Success {
  'hash'?: (string);
}

export interface _com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Success__Output {
  'hash'?: (string);
}

export interface UploadDarResponse {
  'success'?: (_com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Success | null);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Failure | null);
  'value'?: "success"|"failure";
}

export interface UploadDarResponse__Output {
  'success'?: (_com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Success__Output);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_UploadDarResponse_Failure__Output);
  'value'?: "success"|"failure";
}
