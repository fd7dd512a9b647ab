// Original file: com/digitalasset/canton/topology/admin/v0/initialization_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';
import type { GetIdResponse as _com_digitalasset_canton_topology_admin_v0_GetIdResponse, GetIdResponse__Output as _com_digitalasset_canton_topology_admin_v0_GetIdResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/GetIdResponse.js';
import type { InitIdRequest as _com_digitalasset_canton_topology_admin_v0_InitIdRequest, InitIdRequest__Output as _com_digitalasset_canton_topology_admin_v0_InitIdRequest__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/InitIdRequest.js';
import type { InitIdResponse as _com_digitalasset_canton_topology_admin_v0_InitIdResponse, InitIdResponse__Output as _com_digitalasset_canton_topology_admin_v0_InitIdResponse__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/InitIdResponse.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface InitializationServiceDefinition {
  CurrentTime: MethodDefinition<_google_protobuf_Empty, _google_protobuf_Timestamp, _google_protobuf_Empty__Output, _google_protobuf_Timestamp__Output>
  GetId: MethodDefinition<_google_protobuf_Empty, _com_digitalasset_canton_topology_admin_v0_GetIdResponse, _google_protobuf_Empty__Output, _com_digitalasset_canton_topology_admin_v0_GetIdResponse__Output>
  InitId: MethodDefinition<_com_digitalasset_canton_topology_admin_v0_InitIdRequest, _com_digitalasset_canton_topology_admin_v0_InitIdResponse, _com_digitalasset_canton_topology_admin_v0_InitIdRequest__Output, _com_digitalasset_canton_topology_admin_v0_InitIdResponse__Output>
}
