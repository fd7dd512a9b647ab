// Original file: com/daml/ledger/api/v2/version_service.proto


export interface ExperimentalStaticTime {
  'supported'?: (boolean);
}

export interface ExperimentalStaticTime__Output {
  'supported'?: (boolean);
}
