// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto


export interface GetIdResponse {
  'initialized'?: (boolean);
  'unique_identifier'?: (string);
}

export interface GetIdResponse__Output {
  'initialized'?: (boolean);
  'unique_identifier'?: (string);
}
