// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto


export interface ListUsersRequest {
  'page_token'?: (string);
  'page_size'?: (number);
  'identity_provider_id'?: (string);
}

export interface ListUsersRequest__Output {
  'page_token'?: (string);
  'page_size'?: (number);
  'identity_provider_id'?: (string);
}
