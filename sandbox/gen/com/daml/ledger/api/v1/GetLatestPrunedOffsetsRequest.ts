// Original file: com/daml/ledger/api/v1/transaction_service.proto


export interface GetLatestPrunedOffsetsRequest {
}

export interface GetLatestPrunedOffsetsRequest__Output {
}
