// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { Right as _com_daml_ledger_api_v1_admin_Right, Right__Output as _com_daml_ledger_api_v1_admin_Right__Output } from '../../../../../../com/daml/ledger/api/v1/admin/Right.js';

export interface RevokeUserRightsResponse {
  'newly_revoked_rights'?: (_com_daml_ledger_api_v1_admin_Right)[];
}

export interface RevokeUserRightsResponse__Output {
  'newly_revoked_rights': (_com_daml_ledger_api_v1_admin_Right__Output)[];
}
