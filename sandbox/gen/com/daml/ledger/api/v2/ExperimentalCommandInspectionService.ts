// Original file: com/daml/ledger/api/v2/version_service.proto


export interface ExperimentalCommandInspectionService {
  'supported'?: (boolean);
}

export interface ExperimentalCommandInspectionService__Output {
  'supported'?: (boolean);
}
