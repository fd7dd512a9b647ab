// Original file: com/daml/ledger/api/v1/ledger_identity_service.proto


export interface GetLedgerIdentityRequest {
}

export interface GetLedgerIdentityRequest__Output {
}
