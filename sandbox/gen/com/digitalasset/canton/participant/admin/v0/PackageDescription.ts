// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface PackageDescription {
  'package_id'?: (string);
  'source_description'?: (string);
}

export interface PackageDescription__Output {
  'package_id'?: (string);
  'source_description'?: (string);
}
