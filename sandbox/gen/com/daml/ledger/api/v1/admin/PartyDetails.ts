// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto

import type { ObjectMeta as _com_daml_ledger_api_v1_admin_ObjectMeta, ObjectMeta__Output as _com_daml_ledger_api_v1_admin_ObjectMeta__Output } from '../../../../../../com/daml/ledger/api/v1/admin/ObjectMeta.js';

export interface PartyDetails {
  'party'?: (string);
  'display_name'?: (string);
  'is_local'?: (boolean);
  'local_metadata'?: (_com_daml_ledger_api_v1_admin_ObjectMeta | null);
  'identity_provider_id'?: (string);
}

export interface PartyDetails__Output {
  'party'?: (string);
  'display_name'?: (string);
  'is_local'?: (boolean);
  'local_metadata'?: (_com_daml_ledger_api_v1_admin_ObjectMeta__Output);
  'identity_provider_id'?: (string);
}
