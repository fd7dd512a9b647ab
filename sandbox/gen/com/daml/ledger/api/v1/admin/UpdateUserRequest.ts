// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto

import type { User as _com_daml_ledger_api_v1_admin_User, User__Output as _com_daml_ledger_api_v1_admin_User__Output } from '../../../../../../com/daml/ledger/api/v1/admin/User.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../../../../google/protobuf/FieldMask.js';

export interface UpdateUserRequest {
  'user'?: (_com_daml_ledger_api_v1_admin_User | null);
  'update_mask'?: (_google_protobuf_FieldMask | null);
}

export interface UpdateUserRequest__Output {
  'user'?: (_com_daml_ledger_api_v1_admin_User__Output);
  'update_mask'?: (_google_protobuf_FieldMask__Output);
}
