// Original file: com/digitalasset/canton/topology/admin/v0/initialization_service.proto


export interface InitIdResponse {
  'unique_identifier'?: (string);
  'instance'?: (string);
}

export interface InitIdResponse__Output {
  'unique_identifier'?: (string);
  'instance'?: (string);
}
