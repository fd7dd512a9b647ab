// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface PurgeContractsResponse {
}

export interface PurgeContractsResponse__Output {
}
