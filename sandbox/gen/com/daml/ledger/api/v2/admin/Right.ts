// Original file: com/daml/ledger/api/v2/admin/user_management_service.proto


export interface _com_daml_ledger_api_v2_admin_Right_CanActAs {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanActAs__Output {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanActAsAnyParty {
}

export interface _com_daml_ledger_api_v2_admin_Right_CanActAsAnyParty__Output {
}

export interface _com_daml_ledger_api_v2_admin_Right_CanExecuteAs {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanExecuteAs__Output {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanExecuteAsAnyParty {
}

export interface _com_daml_ledger_api_v2_admin_Right_CanExecuteAsAnyParty__Output {
}

export interface _com_daml_ledger_api_v2_admin_Right_CanReadAs {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanReadAs__Output {
  'party'?: (string);
}

export interface _com_daml_ledger_api_v2_admin_Right_CanReadAsAnyParty {
}

export interface _com_daml_ledger_api_v2_admin_Right_CanReadAsAnyParty__Output {
}

export interface _com_daml_ledger_api_v2_admin_Right_IdentityProviderAdmin {
}

export interface _com_daml_ledger_api_v2_admin_Right_IdentityProviderAdmin__Output {
}

export interface _com_daml_ledger_api_v2_admin_Right_ParticipantAdmin {
}

export interface _com_daml_ledger_api_v2_admin_Right_ParticipantAdmin__Output {
}

export interface Right {
  'participant_admin'?: (_com_daml_ledger_api_v2_admin_Right_ParticipantAdmin | null);
  'can_act_as'?: (_com_daml_ledger_api_v2_admin_Right_CanActAs | null);
  'can_read_as'?: (_com_daml_ledger_api_v2_admin_Right_CanReadAs | null);
  'identity_provider_admin'?: (_com_daml_ledger_api_v2_admin_Right_IdentityProviderAdmin | null);
  'can_read_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanReadAsAnyParty | null);
  'can_execute_as'?: (_com_daml_ledger_api_v2_admin_Right_CanExecuteAs | null);
  'can_execute_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanExecuteAsAnyParty | null);
  'can_act_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanActAsAnyParty | null);
  'kind'?: "participant_admin"|"can_act_as"|"can_read_as"|"identity_provider_admin"|"can_read_as_any_party"|"can_execute_as"|"can_execute_as_any_party"|"can_act_as_any_party";
}

export interface Right__Output {
  'participant_admin'?: (_com_daml_ledger_api_v2_admin_Right_ParticipantAdmin__Output);
  'can_act_as'?: (_com_daml_ledger_api_v2_admin_Right_CanActAs__Output);
  'can_read_as'?: (_com_daml_ledger_api_v2_admin_Right_CanReadAs__Output);
  'identity_provider_admin'?: (_com_daml_ledger_api_v2_admin_Right_IdentityProviderAdmin__Output);
  'can_read_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanReadAsAnyParty__Output);
  'can_execute_as'?: (_com_daml_ledger_api_v2_admin_Right_CanExecuteAs__Output);
  'can_execute_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanExecuteAsAnyParty__Output);
  'can_act_as_any_party'?: (_com_daml_ledger_api_v2_admin_Right_CanActAsAnyParty__Output);
  'kind'?: "participant_admin"|"can_act_as"|"can_read_as"|"identity_provider_admin"|"can_read_as_any_party"|"can_execute_as"|"can_execute_as_any_party"|"can_act_as_any_party";
}
