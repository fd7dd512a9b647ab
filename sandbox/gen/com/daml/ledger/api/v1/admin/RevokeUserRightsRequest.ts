// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { Right as _com_daml_ledger_api_v1_admin_Right, Right__Output as _com_daml_ledger_api_v1_admin_Right__Output } from '../../../../../../com/daml/ledger/api/v1/admin/Right.js';

export interface RevokeUserRightsRequest {
  'user_id'?: (string);
  'rights'?: (_com_daml_ledger_api_v1_admin_Right)[];
  'identity_provider_id'?: (string);
}

export interface RevokeUserRightsRequest__Output {
  'user_id'?: (string);
  'rights': (_com_daml_ledger_api_v1_admin_Right__Output)[];
  'identity_provider_id'?: (string);
}
