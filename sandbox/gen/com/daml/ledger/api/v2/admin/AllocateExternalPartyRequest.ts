// Original file: com/daml/ledger/api/v2/admin/party_management_service.proto

import type { Signature as _com_daml_ledger_api_v2_Signature, Signature__Output as _com_daml_ledger_api_v2_Signature__Output } from '../../../../../../com/daml/ledger/api/v2/Signature.js';

export interface _com_daml_ledger_api_v2_admin_AllocateExternalPartyRequest_SignedTransaction {
  'transaction'?: (Buffer | Uint8Array | string);
  'signatures'?: (_com_daml_ledger_api_v2_Signature)[];
}

export interface _com_daml_ledger_api_v2_admin_AllocateExternalPartyRequest_SignedTransaction__Output {
  'transaction'?: (Buffer);
  'signatures': (_com_daml_ledger_api_v2_Signature__Output)[];
}

export interface AllocateExternalPartyRequest {
  'synchronizer'?: (string);
  'onboarding_transactions'?: (_com_daml_ledger_api_v2_admin_AllocateExternalPartyRequest_SignedTransaction)[];
  'multi_hash_signatures'?: (_com_daml_ledger_api_v2_Signature)[];
  'identity_provider_id'?: (string);
  'wait_for_allocation'?: (boolean);
  '_wait_for_allocation'?: "wait_for_allocation";
}

export interface AllocateExternalPartyRequest__Output {
  'synchronizer'?: (string);
  'onboarding_transactions': (_com_daml_ledger_api_v2_admin_AllocateExternalPartyRequest_SignedTransaction__Output)[];
  'multi_hash_signatures': (_com_daml_ledger_api_v2_Signature__Output)[];
  'identity_provider_id'?: (string);
  'wait_for_allocation'?: (boolean);
  '_wait_for_allocation'?: "wait_for_allocation";
}
