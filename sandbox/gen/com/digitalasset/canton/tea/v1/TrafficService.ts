// Original file: com/digitalasset/canton/tea/v1/traffic_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetAccountRequest as _com_digitalasset_canton_tea_v1_GetAccountRequest, GetAccountRequest__Output as _com_digitalasset_canton_tea_v1_GetAccountRequest__Output } from '../../../../../com/digitalasset/canton/tea/v1/GetAccountRequest.js';
import type { GetAccountResponse as _com_digitalasset_canton_tea_v1_GetAccountResponse, GetAccountResponse__Output as _com_digitalasset_canton_tea_v1_GetAccountResponse__Output } from '../../../../../com/digitalasset/canton/tea/v1/GetAccountResponse.js';

export interface TrafficServiceDefinition {
  GetAccount: MethodDefinition<_com_digitalasset_canton_tea_v1_GetAccountRequest, _com_digitalasset_canton_tea_v1_GetAccountResponse, _com_digitalasset_canton_tea_v1_GetAccountRequest__Output, _com_digitalasset_canton_tea_v1_GetAccountResponse__Output>
}
