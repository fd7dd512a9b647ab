// Original file: com/daml/ledger/api/v1/version_service.proto


export interface UserManagementFeature {
  'supported'?: (boolean);
  'max_rights_per_user'?: (number);
  'max_users_page_size'?: (number);
}

export interface UserManagementFeature__Output {
  'supported'?: (boolean);
  'max_rights_per_user'?: (number);
  'max_users_page_size'?: (number);
}
