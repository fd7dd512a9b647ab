// Original file: com/digitalasset/canton/admin/participant/v30/ping_service.proto

import type { PingSuccess as _com_digitalasset_canton_admin_participant_v30_PingSuccess, PingSuccess__Output as _com_digitalasset_canton_admin_participant_v30_PingSuccess__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PingSuccess.js';
import type { PingFailure as _com_digitalasset_canton_admin_participant_v30_PingFailure, PingFailure__Output as _com_digitalasset_canton_admin_participant_v30_PingFailure__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PingFailure.js';

export interface PingResponse {
  'success'?: (_com_digitalasset_canton_admin_participant_v30_PingSuccess | null);
  'failure'?: (_com_digitalasset_canton_admin_participant_v30_PingFailure | null);
  'response'?: "success"|"failure";
}

export interface PingResponse__Output {
  'success'?: (_com_digitalasset_canton_admin_participant_v30_PingSuccess__Output);
  'failure'?: (_com_digitalasset_canton_admin_participant_v30_PingFailure__Output);
  'response'?: "success"|"failure";
}
