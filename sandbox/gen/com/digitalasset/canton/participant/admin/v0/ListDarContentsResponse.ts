// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ListDarContentsResponse {
  'description'?: (string);
  'main'?: (string);
  'packages'?: (string)[];
  'dependencies'?: (string)[];
}

export interface ListDarContentsResponse__Output {
  'description'?: (string);
  'main'?: (string);
  'packages': (string)[];
  'dependencies': (string)[];
}
