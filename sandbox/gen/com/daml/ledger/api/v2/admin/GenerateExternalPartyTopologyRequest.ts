// Original file: com/daml/ledger/api/v2/admin/party_management_service.proto

import type { SigningPublicKey as _com_daml_ledger_api_v2_SigningPublicKey, SigningPublicKey__Output as _com_daml_ledger_api_v2_SigningPublicKey__Output } from '../../../../../../com/daml/ledger/api/v2/SigningPublicKey.js';

export interface GenerateExternalPartyTopologyRequest {
  'synchronizer'?: (string);
  'party_hint'?: (string);
  'public_key'?: (_com_daml_ledger_api_v2_SigningPublicKey | null);
  'local_participant_observation_only'?: (boolean);
  'other_confirming_participant_uids'?: (string)[];
  'confirmation_threshold'?: (number);
  'observing_participant_uids'?: (string)[];
}

export interface GenerateExternalPartyTopologyRequest__Output {
  'synchronizer'?: (string);
  'party_hint'?: (string);
  'public_key'?: (_com_daml_ledger_api_v2_SigningPublicKey__Output);
  'local_participant_observation_only'?: (boolean);
  'other_confirming_participant_uids': (string)[];
  'confirmation_threshold'?: (number);
  'observing_participant_uids': (string)[];
}
