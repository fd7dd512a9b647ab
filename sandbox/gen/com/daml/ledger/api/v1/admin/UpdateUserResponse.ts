// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { User as _com_daml_ledger_api_v1_admin_User, User__Output as _com_daml_ledger_api_v1_admin_User__Output } from '../../../../../../com/daml/ledger/api/v1/admin/User.js';

export interface UpdateUserResponse {
  'user'?: (_com_daml_ledger_api_v1_admin_User | null);
}

export interface UpdateUserResponse__Output {
  'user'?: (_com_daml_ledger_api_v1_admin_User__Output);
}
