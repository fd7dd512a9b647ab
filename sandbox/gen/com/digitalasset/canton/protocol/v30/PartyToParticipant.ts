// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { SigningKeysWithThreshold as _com_digitalasset_canton_crypto_v30_SigningKeysWithThreshold, SigningKeysWithThreshold__Output as _com_digitalasset_canton_crypto_v30_SigningKeysWithThreshold__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningKeysWithThreshold.js';
import type { _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission, _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output } from '../../../../../com/digitalasset/canton/protocol/v30/Enums.js';

export interface _com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant {
  'participant_uid'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission);
  'onboarding'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant_Onboarding | null);
}

export interface _com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant__Output {
  'participant_uid'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output);
  'onboarding'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant_Onboarding__Output);
}

export interface _com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant_Onboarding {
}

export interface _com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant_Onboarding__Output {
}

export interface PartyToParticipant {
  'party'?: (string);
  'threshold'?: (number);
  'participants'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant)[];
  'party_signing_keys'?: (_com_digitalasset_canton_crypto_v30_SigningKeysWithThreshold | null);
  '_party_signing_keys'?: "party_signing_keys";
}

export interface PartyToParticipant__Output {
  'party'?: (string);
  'threshold'?: (number);
  'participants': (_com_digitalasset_canton_protocol_v30_PartyToParticipant_HostingParticipant__Output)[];
  'party_signing_keys'?: (_com_digitalasset_canton_crypto_v30_SigningKeysWithThreshold__Output);
  '_party_signing_keys'?: "party_signing_keys";
}
