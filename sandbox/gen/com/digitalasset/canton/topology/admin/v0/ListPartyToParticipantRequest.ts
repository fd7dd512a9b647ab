// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseQuery as _com_digitalasset_canton_topology_admin_v0_BaseQuery, BaseQuery__Output as _com_digitalasset_canton_topology_admin_v0_BaseQuery__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseQuery.js';
import type { RequestSide as _com_digitalasset_canton_protocol_v0_RequestSide, RequestSide__Output as _com_digitalasset_canton_protocol_v0_RequestSide__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/RequestSide.js';
import type { ParticipantPermission as _com_digitalasset_canton_protocol_v0_ParticipantPermission, ParticipantPermission__Output as _com_digitalasset_canton_protocol_v0_ParticipantPermission__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/ParticipantPermission.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterPermission {
  'value'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterPermission__Output {
  'value'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission__Output);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterRequestSide {
  'value'?: (_com_digitalasset_canton_protocol_v0_RequestSide);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterRequestSide__Output {
  'value'?: (_com_digitalasset_canton_protocol_v0_RequestSide__Output);
}

export interface ListPartyToParticipantRequest {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery | null);
  'filter_party'?: (string);
  'filter_participant'?: (string);
  'filter_request_side'?: (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterRequestSide | null);
  'filter_permission'?: (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterPermission | null);
}

export interface ListPartyToParticipantRequest__Output {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery__Output);
  'filter_party'?: (string);
  'filter_participant'?: (string);
  'filter_request_side'?: (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterRequestSide__Output);
  'filter_permission'?: (_com_digitalasset_canton_topology_admin_v0_ListPartyToParticipantRequest_FilterPermission__Output);
}
