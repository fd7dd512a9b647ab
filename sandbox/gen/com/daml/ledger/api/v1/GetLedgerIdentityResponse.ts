// Original file: com/daml/ledger/api/v1/ledger_identity_service.proto


export interface GetLedgerIdentityResponse {
  'ledger_id'?: (string);
}

export interface GetLedgerIdentityResponse__Output {
  'ledger_id'?: (string);
}
