// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto


export interface GetParticipantIdRequest {
}

export interface GetParticipantIdRequest__Output {
}
