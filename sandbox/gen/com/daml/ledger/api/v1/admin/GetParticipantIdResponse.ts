// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto


export interface GetParticipantIdResponse {
  'participant_id'?: (string);
}

export interface GetParticipantIdResponse__Output {
  'participant_id'?: (string);
}
