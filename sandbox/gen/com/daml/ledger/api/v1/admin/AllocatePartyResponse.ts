// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto

import type { PartyDetails as _com_daml_ledger_api_v1_admin_PartyDetails, PartyDetails__Output as _com_daml_ledger_api_v1_admin_PartyDetails__Output } from '../../../../../../com/daml/ledger/api/v1/admin/PartyDetails.js';

export interface AllocatePartyResponse {
  'party_details'?: (_com_daml_ledger_api_v1_admin_PartyDetails | null);
}

export interface AllocatePartyResponse__Output {
  'party_details'?: (_com_daml_ledger_api_v1_admin_PartyDetails__Output);
}
