// Original file: com/daml/ledger/api/v1/version_service.proto


export interface GetLedgerApiVersionRequest {
  'ledger_id'?: (string);
}

export interface GetLedgerApiVersionRequest__Output {
  'ledger_id'?: (string);
}
