// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { DecentralizedNamespaceDefinition as _com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition, DecentralizedNamespaceDefinition__Output as _com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/DecentralizedNamespaceDefinition.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListDecentralizedNamespaceDefinitionResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListDecentralizedNamespaceDefinitionResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition__Output);
}

export interface ListDecentralizedNamespaceDefinitionResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListDecentralizedNamespaceDefinitionResponse_Result)[];
}

export interface ListDecentralizedNamespaceDefinitionResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListDecentralizedNamespaceDefinitionResponse_Result__Output)[];
}
