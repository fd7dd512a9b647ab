// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';
import type { OwnerToKeyMapping as _com_digitalasset_canton_protocol_v0_OwnerToKeyMapping, OwnerToKeyMapping__Output as _com_digitalasset_canton_protocol_v0_OwnerToKeyMapping__Output } from '../../../../../../com/digitalasset/canton/protocol/v0/OwnerToKeyMapping.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v0_OwnerToKeyMapping | null);
  'key_fingerprint'?: (string);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v0_OwnerToKeyMapping__Output);
  'key_fingerprint'?: (string);
}

export interface ListOwnerToKeyMappingResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingResult_Result)[];
}

export interface ListOwnerToKeyMappingResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingResult_Result__Output)[];
}
