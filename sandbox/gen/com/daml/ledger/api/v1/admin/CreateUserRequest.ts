// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { User as _com_daml_ledger_api_v1_admin_User, User__Output as _com_daml_ledger_api_v1_admin_User__Output } from '../../../../../../com/daml/ledger/api/v1/admin/User.js';
import type { Right as _com_daml_ledger_api_v1_admin_Right, Right__Output as _com_daml_ledger_api_v1_admin_Right__Output } from '../../../../../../com/daml/ledger/api/v1/admin/Right.js';

export interface CreateUserRequest {
  'user'?: (_com_daml_ledger_api_v1_admin_User | null);
  'rights'?: (_com_daml_ledger_api_v1_admin_Right)[];
}

export interface CreateUserRequest__Output {
  'user'?: (_com_daml_ledger_api_v1_admin_User__Output);
  'rights': (_com_daml_ledger_api_v1_admin_Right__Output)[];
}
