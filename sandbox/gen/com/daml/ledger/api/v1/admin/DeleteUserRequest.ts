// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto


export interface DeleteUserRequest {
  'user_id'?: (string);
  'identity_provider_id'?: (string);
}

export interface DeleteUserRequest__Output {
  'user_id'?: (string);
  'identity_provider_id'?: (string);
}
