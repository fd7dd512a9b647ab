// Original file: com/digitalasset/canton/connection/v30/api_info_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetApiInfoRequest as _com_digitalasset_canton_connection_v30_GetApiInfoRequest, GetApiInfoRequest__Output as _com_digitalasset_canton_connection_v30_GetApiInfoRequest__Output } from '../../../../../com/digitalasset/canton/connection/v30/GetApiInfoRequest.js';
import type { GetApiInfoResponse as _com_digitalasset_canton_connection_v30_GetApiInfoResponse, GetApiInfoResponse__Output as _com_digitalasset_canton_connection_v30_GetApiInfoResponse__Output } from '../../../../../com/digitalasset/canton/connection/v30/GetApiInfoResponse.js';

export interface ApiInfoServiceDefinition {
  GetApiInfo: MethodDefinition<_com_digitalasset_canton_connection_v30_GetApiInfoRequest, _com_digitalasset_canton_connection_v30_GetApiInfoResponse, _com_digitalasset_canton_connection_v30_GetApiInfoRequest__Output, _com_digitalasset_canton_connection_v30_GetApiInfoResponse__Output>
}
