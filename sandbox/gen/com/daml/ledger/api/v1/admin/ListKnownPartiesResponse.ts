// Original file: com/daml/ledger/api/v1/admin/party_management_service.proto

import type { PartyDetails as _com_daml_ledger_api_v1_admin_PartyDetails, PartyDetails__Output as _com_daml_ledger_api_v1_admin_PartyDetails__Output } from '../../../../../../com/daml/ledger/api/v1/admin/PartyDetails.js';

export interface ListKnownPartiesResponse {
  'party_details'?: (_com_daml_ledger_api_v1_admin_PartyDetails)[];
  'next_page_token'?: (string);
}

export interface ListKnownPartiesResponse__Output {
  'party_details': (_com_daml_ledger_api_v1_admin_PartyDetails__Output)[];
  'next_page_token'?: (string);
}
