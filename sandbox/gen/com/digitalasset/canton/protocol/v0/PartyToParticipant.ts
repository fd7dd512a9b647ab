// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { RequestSide as _com_digitalasset_canton_protocol_v0_RequestSide, RequestSide__Output as _com_digitalasset_canton_protocol_v0_RequestSide__Output } from '../../../../../com/digitalasset/canton/protocol/v0/RequestSide.js';
import type { ParticipantPermission as _com_digitalasset_canton_protocol_v0_ParticipantPermission, ParticipantPermission__Output as _com_digitalasset_canton_protocol_v0_ParticipantPermission__Output } from '../../../../../com/digitalasset/canton/protocol/v0/ParticipantPermission.js';

export interface PartyToParticipant {
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide);
  'party'?: (string);
  'participant'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission);
}

export interface PartyToParticipant__Output {
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide__Output);
  'party'?: (string);
  'participant'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission__Output);
}
