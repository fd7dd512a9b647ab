// Original file: com/daml/ledger/api/v2/state_service.proto


export interface GetLatestPrunedOffsetsRequest {
}

export interface GetLatestPrunedOffsetsRequest__Output {
}
