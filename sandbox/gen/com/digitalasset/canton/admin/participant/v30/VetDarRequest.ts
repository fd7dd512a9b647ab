// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface VetDarRequest {
  'main_package_id'?: (string);
  'synchronize'?: (boolean);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}

export interface VetDarRequest__Output {
  'main_package_id'?: (string);
  'synchronize'?: (boolean);
  'synchronizer_id'?: (string);
  '_synchronizer_id'?: "synchronizer_id";
}
