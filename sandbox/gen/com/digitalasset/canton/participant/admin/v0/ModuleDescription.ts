// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ModuleDescription {
  'name'?: (string);
}

export interface ModuleDescription__Output {
  'name'?: (string);
}
