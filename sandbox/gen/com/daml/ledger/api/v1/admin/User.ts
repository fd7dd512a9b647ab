// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { ObjectMeta as _com_daml_ledger_api_v1_admin_ObjectMeta, ObjectMeta__Output as _com_daml_ledger_api_v1_admin_ObjectMeta__Output } from '../../../../../../com/daml/ledger/api/v1/admin/ObjectMeta.js';

export interface User {
  'id'?: (string);
  'primary_party'?: (string);
  'is_deactivated'?: (boolean);
  'metadata'?: (_com_daml_ledger_api_v1_admin_ObjectMeta | null);
  'identity_provider_id'?: (string);
}

export interface User__Output {
  'id'?: (string);
  'primary_party'?: (string);
  'is_deactivated'?: (boolean);
  'metadata'?: (_com_daml_ledger_api_v1_admin_ObjectMeta__Output);
  'identity_provider_id'?: (string);
}
