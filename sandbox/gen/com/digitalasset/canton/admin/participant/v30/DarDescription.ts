// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface DarDescription {
  'main'?: (string);
  'name'?: (string);
  'version'?: (string);
  'description'?: (string);
}

export interface DarDescription__Output {
  'main'?: (string);
  'name'?: (string);
  'version'?: (string);
  'description'?: (string);
}
