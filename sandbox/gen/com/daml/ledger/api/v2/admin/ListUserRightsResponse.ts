// Original file: com/daml/ledger/api/v2/admin/user_management_service.proto

import type { Right as _com_daml_ledger_api_v2_admin_Right, Right__Output as _com_daml_ledger_api_v2_admin_Right__Output } from '../../../../../../com/daml/ledger/api/v2/admin/Right.js';

export interface ListUserRightsResponse {
  'rights'?: (_com_daml_ledger_api_v2_admin_Right)[];
}

export interface ListUserRightsResponse__Output {
  'rights': (_com_daml_ledger_api_v2_admin_Right__Output)[];
}
