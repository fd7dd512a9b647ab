// Original file: com/daml/ledger/api/v2/admin/party_management_service.proto


export interface AllocateExternalPartyResponse {
  'party_id'?: (string);
}

export interface AllocateExternalPartyResponse__Output {
  'party_id'?: (string);
}
