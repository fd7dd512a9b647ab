// Original file: com/digitalasset/canton/topology/admin/v0/initialization_service.proto


export interface InitIdRequest {
  'identifier'?: (string);
  'fingerprint'?: (string);
  'instance'?: (string);
}

export interface InitIdRequest__Output {
  'identifier'?: (string);
  'fingerprint'?: (string);
  'instance'?: (string);
}
