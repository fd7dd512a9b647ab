// Original file: com/digitalasset/canton/admin/participant/v30/traffic_control_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { TrafficControlStateRequest as _com_digitalasset_canton_admin_participant_v30_TrafficControlStateRequest, TrafficControlStateRequest__Output as _com_digitalasset_canton_admin_participant_v30_TrafficControlStateRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/TrafficControlStateRequest.js';
import type { TrafficControlStateResponse as _com_digitalasset_canton_admin_participant_v30_TrafficControlStateResponse, TrafficControlStateResponse__Output as _com_digitalasset_canton_admin_participant_v30_TrafficControlStateResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/TrafficControlStateResponse.js';

export interface TrafficControlServiceDefinition {
  TrafficControlState: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_TrafficControlStateRequest, _com_digitalasset_canton_admin_participant_v30_TrafficControlStateResponse, _com_digitalasset_canton_admin_participant_v30_TrafficControlStateRequest__Output, _com_digitalasset_canton_admin_participant_v30_TrafficControlStateResponse__Output>
}
