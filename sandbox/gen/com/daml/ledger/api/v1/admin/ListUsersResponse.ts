// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { User as _com_daml_ledger_api_v1_admin_User, User__Output as _com_daml_ledger_api_v1_admin_User__Output } from '../../../../../../com/daml/ledger/api/v1/admin/User.js';

export interface ListUsersResponse {
  'users'?: (_com_daml_ledger_api_v1_admin_User)[];
  'next_page_token'?: (string);
}

export interface ListUsersResponse__Output {
  'users': (_com_daml_ledger_api_v1_admin_User__Output)[];
  'next_page_token'?: (string);
}
