// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface _com_digitalasset_canton_admin_participant_v30_UploadDarRequest_UploadDarData {
  'bytes'?: (Buffer | Uint8Array | string);
  'description'?: (string);
  'expected_main_package_id'?: (string);
  '_description'?: "description";
  '_expected_main_package_id'?: "expected_main_package_id";
}

export interface _com_digitalasset_canton_admin_participant_v30_UploadDarRequest_UploadDarData__Output {
  'bytes'?: (Buffer);
  'description'?: (string);
  'expected_main_package_id'?: (string);
  '_description'?: "description";
  '_expected_main_package_id'?: "expected_main_package_id";
}

export interface UploadDarRequest {
  'dars'?: (_com_digitalasset_canton_admin_participant_v30_UploadDarRequest_UploadDarData)[];
  'vet_all_packages'?: (boolean);
  'synchronize_vetting'?: (boolean);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}

export interface UploadDarRequest__Output {
  'dars': (_com_digitalasset_canton_admin_participant_v30_UploadDarRequest_UploadDarData__Output)[];
  'vet_all_packages'?: (boolean);
  'synchronize_vetting'?: (boolean);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}
