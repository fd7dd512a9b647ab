// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission, _com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output } from '../../../../../com/digitalasset/canton/protocol/v30/Enums.js';
import type { ParticipantSynchronizerLimits as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits, ParticipantSynchronizerLimits__Output as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits__Output } from '../../../../../com/digitalasset/canton/protocol/v30/ParticipantSynchronizerLimits.js';
import type { Long } from '@grpc/proto-loader';

export interface ParticipantSynchronizerPermission {
  'synchronizer_id'?: (string);
  'participant_uid'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission);
  'limits'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits | null);
  'login_after'?: (number | string | Long);
  '_login_after'?: "login_after";
}

export interface ParticipantSynchronizerPermission__Output {
  'synchronizer_id'?: (string);
  'participant_uid'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantPermission__Output);
  'limits'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits__Output);
  'login_after'?: (string);
  '_login_after'?: "login_after";
}
