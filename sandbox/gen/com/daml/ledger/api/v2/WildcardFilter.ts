// Original file: com/daml/ledger/api/v2/event_format.proto


export interface WildcardFilter {
  'include_created_event_blob'?: (boolean);
}

export interface WildcardFilter__Output {
  'include_created_event_blob'?: (boolean);
}
