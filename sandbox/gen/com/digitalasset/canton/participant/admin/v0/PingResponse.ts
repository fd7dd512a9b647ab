// Original file: com/digitalasset/canton/participant/admin/v0/ping_pong_service.proto

import type { PingSuccess as _com_digitalasset_canton_participant_admin_v0_PingSuccess, PingSuccess__Output as _com_digitalasset_canton_participant_admin_v0_PingSuccess__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/PingSuccess.js';
import type { PingFailure as _com_digitalasset_canton_participant_admin_v0_PingFailure, PingFailure__Output as _com_digitalasset_canton_participant_admin_v0_PingFailure__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/PingFailure.js';

export interface PingResponse {
  'success'?: (_com_digitalasset_canton_participant_admin_v0_PingSuccess | null);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_PingFailure | null);
  'response'?: "success"|"failure";
}

export interface PingResponse__Output {
  'success'?: (_com_digitalasset_canton_participant_admin_v0_PingSuccess__Output);
  'failure'?: (_com_digitalasset_canton_participant_admin_v0_PingFailure__Output);
  'response'?: "success"|"failure";
}
