// Original file: com/daml/ledger/api/v1/value.proto


export interface Identifier {
  'package_id'?: (string);
  'module_name'?: (string);
  'entity_name'?: (string);
}

export interface Identifier__Output {
  'package_id'?: (string);
  'module_name'?: (string);
  'entity_name'?: (string);
}
