// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto

import type { AuthorizationData as _com_digitalasset_canton_topology_admin_v0_AuthorizationData, AuthorizationData__Output as _com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/AuthorizationData.js';
import type { RequestSide as _com_digitalasset_canton_protocol_v0_RequestSide, RequestSide__Output as _com_digitalasset_canton_protocol_v0_RequestSide__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/RequestSide.js';
import type { ParticipantPermission as _com_digitalasset_canton_protocol_v0_ParticipantPermission, ParticipantPermission__Output as _com_digitalasset_canton_protocol_v0_ParticipantPermission__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/ParticipantPermission.js';
import type { TrustLevel as _com_digitalasset_canton_protocol_v0_TrustLevel, TrustLevel__Output as _com_digitalasset_canton_protocol_v0_TrustLevel__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/TrustLevel.js';

export interface ParticipantDomainStateAuthorization {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData | null);
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide);
  'domain'?: (string);
  'participant'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission);
  'trust_level'?: (_com_digitalasset_canton_protocol_v0_TrustLevel);
}

export interface ParticipantDomainStateAuthorization__Output {
  'authorization'?: (_com_digitalasset_canton_topology_admin_v0_AuthorizationData__Output);
  'side'?: (_com_digitalasset_canton_protocol_v0_RequestSide__Output);
  'domain'?: (string);
  'participant'?: (string);
  'permission'?: (_com_digitalasset_canton_protocol_v0_ParticipantPermission__Output);
  'trust_level'?: (_com_digitalasset_canton_protocol_v0_TrustLevel__Output);
}
