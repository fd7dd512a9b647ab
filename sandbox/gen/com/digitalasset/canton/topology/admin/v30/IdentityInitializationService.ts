// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { CurrentTimeRequest as _com_digitalasset_canton_topology_admin_v30_CurrentTimeRequest, CurrentTimeRequest__Output as _com_digitalasset_canton_topology_admin_v30_CurrentTimeRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/CurrentTimeRequest.js';
import type { CurrentTimeResponse as _com_digitalasset_canton_topology_admin_v30_CurrentTimeResponse, CurrentTimeResponse__Output as _com_digitalasset_canton_topology_admin_v30_CurrentTimeResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/CurrentTimeResponse.js';
import type { GetIdRequest as _com_digitalasset_canton_topology_admin_v30_GetIdRequest, GetIdRequest__Output as _com_digitalasset_canton_topology_admin_v30_GetIdRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/GetIdRequest.js';
import type { GetIdResponse as _com_digitalasset_canton_topology_admin_v30_GetIdResponse, GetIdResponse__Output as _com_digitalasset_canton_topology_admin_v30_GetIdResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/GetIdResponse.js';
import type { InitIdRequest as _com_digitalasset_canton_topology_admin_v30_InitIdRequest, InitIdRequest__Output as _com_digitalasset_canton_topology_admin_v30_InitIdRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/InitIdRequest.js';
import type { InitIdResponse as _com_digitalasset_canton_topology_admin_v30_InitIdResponse, InitIdResponse__Output as _com_digitalasset_canton_topology_admin_v30_InitIdResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/InitIdResponse.js';

export interface IdentityInitializationServiceDefinition {
  CurrentTime: MethodDefinition<_com_digitalasset_canton_topology_admin_v30_CurrentTimeRequest, _com_digitalasset_canton_topology_admin_v30_CurrentTimeResponse, _com_digitalasset_canton_topology_admin_v30_CurrentTimeRequest__Output, _com_digitalasset_canton_topology_admin_v30_CurrentTimeResponse__Output>
  GetId: MethodDefinition<_com_digitalasset_canton_topology_admin_v30_GetIdRequest, _com_digitalasset_canton_topology_admin_v30_GetIdResponse, _com_digitalasset_canton_topology_admin_v30_GetIdRequest__Output, _com_digitalasset_canton_topology_admin_v30_GetIdResponse__Output>
  InitId: MethodDefinition<_com_digitalasset_canton_topology_admin_v30_InitIdRequest, _com_digitalasset_canton_topology_admin_v30_InitIdResponse, _com_digitalasset_canton_topology_admin_v30_InitIdRequest__Output, _com_digitalasset_canton_topology_admin_v30_InitIdResponse__Output>
}
