// Original file: com/daml/ledger/api/v2/state_service.proto


export interface GetLedgerEndRequest {
}

export interface GetLedgerEndRequest__Output {
}
