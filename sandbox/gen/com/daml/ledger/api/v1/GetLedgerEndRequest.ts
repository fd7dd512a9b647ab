// Original file: com/daml/ledger/api/v1/transaction_service.proto


export interface GetLedgerEndRequest {
  'ledger_id'?: (string);
}

export interface GetLedgerEndRequest__Output {
  'ledger_id'?: (string);
}
