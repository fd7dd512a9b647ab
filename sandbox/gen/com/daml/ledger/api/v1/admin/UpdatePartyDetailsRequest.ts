// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto

import type { PartyDetails as _com_daml_ledger_api_v1_admin_PartyDetails, PartyDetails__Output as _com_daml_ledger_api_v1_admin_PartyDetails__Output } from '../../../../../../com/daml/ledger/api/v1/admin/PartyDetails.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../../../../google/protobuf/FieldMask.js';

export interface UpdatePartyDetailsRequest {
  'party_details'?: (_com_daml_ledger_api_v1_admin_PartyDetails | null);
  'update_mask'?: (_google_protobuf_FieldMask | null);
}

export interface UpdatePartyDetailsRequest__Output {
  'party_details'?: (_com_daml_ledger_api_v1_admin_PartyDetails__Output);
  'update_mask'?: (_google_protobuf_FieldMask__Output);
}
