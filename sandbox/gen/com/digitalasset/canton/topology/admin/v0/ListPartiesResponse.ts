// Original file: com/digitalasset/canton/topology/admin/v0/topology_aggregation_service.proto

import type { ParticipantPermission as _com_digitalasset_canton_protocol_v0_ParticipantPermission, ParticipantPermission__Output as _com_digitalasset_canton_protocol_v0_ParticipantPermission__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/ParticipantPermission.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains_DomainPermissions {
  'domain'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains_DomainPermissions__Output {
  'domain'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission__Output);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains {
  'participant'?: (string);
  'domains'?: (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains_DomainPermissions)[];
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains__Output {
  'participant'?: (string);
  'domains': (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains_DomainPermissions__Output)[];
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result {
  'party'?: (string);
  'participants'?: (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains)[];
}

export interface _com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result__Output {
  'party'?: (string);
  'participants': (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result_ParticipantDomains__Output)[];
}

export interface ListPartiesResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result)[];
}

export interface ListPartiesResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListPartiesResponse_Result__Output)[];
}
