// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_read_service.proto

import type { BaseResult as _com_digitalasset_canton_topology_admin_v30_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v30_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/BaseResult.js';
import type { DynamicSynchronizerParameters as _com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters, DynamicSynchronizerParameters__Output as _com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/DynamicSynchronizerParameters.js';

export interface _com_digitalasset_canton_topology_admin_v30_ListSynchronizerParametersStateResponse_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult | null);
  'item'?: (_com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_ListSynchronizerParametersStateResponse_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v30_BaseResult__Output);
  'item'?: (_com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters__Output);
}

export interface ListSynchronizerParametersStateResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v30_ListSynchronizerParametersStateResponse_Result)[];
}

export interface ListSynchronizerParametersStateResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v30_ListSynchronizerParametersStateResponse_Result__Output)[];
}
