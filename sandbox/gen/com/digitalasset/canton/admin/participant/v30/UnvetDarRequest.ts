// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface UnvetDarRequest {
  'main_package_id'?: (string);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}

export interface UnvetDarRequest__Output {
  'main_package_id'?: (string);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}
