// Original file: com/digitalasset/canton/topology/admin/v0/initialization_service.proto


export interface GetIdResponse {
  'initialized'?: (boolean);
  'unique_identifier'?: (string);
  'instance'?: (string);
}

export interface GetIdResponse__Output {
  'initialized'?: (boolean);
  'unique_identifier'?: (string);
  'instance'?: (string);
}
