// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto


export interface GetPartiesRequest {
  'parties'?: (string)[];
  'identity_provider_id'?: (string);
}

export interface GetPartiesRequest__Output {
  'parties': (string)[];
  'identity_provider_id'?: (string);
}
