// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto


export interface ObjectMeta {
  'resource_version'?: (string);
  'annotations'?: ({[key: string]: string});
}

export interface ObjectMeta__Output {
  'resource_version'?: (string);
  'annotations'?: ({[key: string]: string});
}
