// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface DarDescription {
  'hash'?: (string);
  'name'?: (string);
}

export interface DarDescription__Output {
  'hash'?: (string);
  'name'?: (string);
}
