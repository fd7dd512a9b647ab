// Original file: com/daml/ledger/api/v2/admin/party_management_service.proto


export interface GetParticipantIdRequest {
}

export interface GetParticipantIdRequest__Output {
}
