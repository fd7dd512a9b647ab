// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto


export interface _com_daml_ledger_api_v1_admin_Right_CanActAs {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v1_admin_Right_CanActAs__Output {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v1_admin_Right_CanReadAs {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v1_admin_Right_CanReadAs__Output {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v1_admin_Right_IdentityProviderAdmin {
}

export interface _com_daml_ledger_api_v1_admin_Right_IdentityProviderAdmin__Output {
}

export interface _com_daml_ledger_api_v1_admin_Right_ParticipantAdmin {
}

export interface _com_daml_ledger_api_v1_admin_Right_ParticipantAdmin__Output {
}

export interface Right {
  'participant_admin'?: (_com_daml_ledger_api_v1_admin_Right_ParticipantAdmin | null);
  'can_act_as'?: (_com_daml_ledger_api_v1_admin_Right_CanActAs | null);
  'can_read_as'?: (_com_daml_ledger_api_v1_admin_Right_CanReadAs | null);
  'identity_provider_admin'?: (_com_daml_ledger_api_v1_admin_Right_IdentityProviderAdmin | null);
  'kind'?: "participant_admin"|"can_act_as"|"can_read_as"|"identity_provider_admin";
}

export interface Right__Output {
  'participant_admin'?: (_com_daml_ledger_api_v1_admin_Right_ParticipantAdmin__Output);
  'can_act_as'?: (_com_daml_ledger_api_v1_admin_Right_CanActAs__Output);
  'can_read_as'?: (_com_daml_ledger_api_v1_admin_Right_CanReadAs__Output);
  'identity_provider_admin'?: (_com_daml_ledger_api_v1_admin_Right_IdentityProviderAdmin__Output);
  'kind'?: "participant_admin"|"can_act_as"|"can_read_as"|"identity_provider_admin";
}
