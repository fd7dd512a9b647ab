// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto


export interface ListKnownPartiesRequest {
  'identity_provider_id'?: (string);
  'page_token'?: (string);
  'page_size'?: (number);
}

export interface ListKnownPartiesRequest__Output {
  'identity_provider_id'?: (string);
  'page_token'?: (string);
  'page_size'?: (number);
}
