// Original file: com/digitalasset/canton/topology/admin/v30/common.proto


export interface Synchronizer {
  'id'?: (string);
  'physical_id'?: (string);
  'kind'?: "id"|"physical_id";
}

export interface Synchronizer__Output {
  'id'?: (string);
  'physical_id'?: (string);
  'kind'?: "id"|"physical_id";
}
