// Original file: com/digitalasset/canton/admin/participant/v30/ping_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { PingRequest as _com_digitalasset_canton_admin_participant_v30_PingRequest, PingRequest__Output as _com_digitalasset_canton_admin_participant_v30_PingRequest__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PingRequest.js';
import type { PingResponse as _com_digitalasset_canton_admin_participant_v30_PingResponse, PingResponse__Output as _com_digitalasset_canton_admin_participant_v30_PingResponse__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PingResponse.js';

export interface PingServiceDefinition {
  Ping: MethodDefinition<_com_digitalasset_canton_admin_participant_v30_PingRequest, _com_digitalasset_canton_admin_participant_v30_PingResponse, _com_digitalasset_canton_admin_participant_v30_PingRequest__Output, _com_digitalasset_canton_admin_participant_v30_PingResponse__Output>
}
