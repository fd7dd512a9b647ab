// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { Right as _com_daml_ledger_api_v1_admin_Right, Right__Output as _com_daml_ledger_api_v1_admin_Right__Output } from '../../../../../../com/daml/ledger/api/v1/admin/Right.js';

export interface ListUserRightsResponse {
  'rights'?: (_com_daml_ledger_api_v1_admin_Right)[];
}

export interface ListUserRightsResponse__Output {
  'rights': (_com_daml_ledger_api_v1_admin_Right__Output)[];
}
