// Original file: com/daml/ledger/api/v2/version_service.proto


export interface GetLedgerApiVersionRequest {
}

export interface GetLedgerApiVersionRequest__Output {
}
