// Original file: com/digitalasset/canton/admin/participant/v30/traffic_control_service.proto

import type { TrafficState as _com_digitalasset_canton_admin_participant_v30_TrafficState, TrafficState__Output as _com_digitalasset_canton_admin_participant_v30_TrafficState__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/TrafficState.js';

export interface TrafficControlStateResponse {
  'traffic_state'?: (_com_digitalasset_canton_admin_participant_v30_TrafficState | null);
}

export interface TrafficControlStateResponse__Output {
  'traffic_state'?: (_com_digitalasset_canton_admin_participant_v30_TrafficState__Output);
}
