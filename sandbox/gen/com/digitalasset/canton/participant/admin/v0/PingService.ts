// Original file: com/digitalasset/canton/participant/admin/v0/ping_pong_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { PingRequest as _com_digitalasset_canton_participant_admin_v0_PingRequest, PingRequest__Output as _com_digitalasset_canton_participant_admin_v0_PingRequest__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/PingRequest.js';
import type { PingResponse as _com_digitalasset_canton_participant_admin_v0_PingResponse, PingResponse__Output as _com_digitalasset_canton_participant_admin_v0_PingResponse__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/PingResponse.js';

export interface PingServiceDefinition {
  ping: MethodDefinition<_com_digitalasset_canton_participant_admin_v0_PingRequest, _com_digitalasset_canton_participant_admin_v0_PingResponse, _com_digitalasset_canton_participant_admin_v0_PingRequest__Output, _com_digitalasset_canton_participant_admin_v0_PingResponse__Output>
}
