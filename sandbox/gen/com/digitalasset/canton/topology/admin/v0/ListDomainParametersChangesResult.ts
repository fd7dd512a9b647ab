// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { BaseResult as _com_digitalasset_canton_topology_admin_v0_BaseResult, BaseResult__Output as _com_digitalasset_canton_topology_admin_v0_BaseResult__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseResult.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters {
  'participant_response_timeout'?: (_google_protobuf_Duration | null);
  'mediator_reaction_timeout'?: (_google_protobuf_Duration | null);
  'transfer_exclusivity_timeout'?: (_google_protobuf_Duration | null);
  'topology_change_delay'?: (_google_protobuf_Duration | null);
  'ledger_time_record_time_tolerance'?: (_google_protobuf_Duration | null);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters__Output {
  'participant_response_timeout'?: (_google_protobuf_Duration__Output);
  'mediator_reaction_timeout'?: (_google_protobuf_Duration__Output);
  'transfer_exclusivity_timeout'?: (_google_protobuf_Duration__Output);
  'topology_change_delay'?: (_google_protobuf_Duration__Output);
  'ledger_time_record_time_tolerance'?: (_google_protobuf_Duration__Output);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_Result {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult | null);
  'v0'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters | null);
  'v1'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters | null);
  'v2'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters | null);
  'parameters'?: "v0"|"v1"|"v2";
}

export interface _com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_Result__Output {
  'context'?: (_com_digitalasset_canton_topology_admin_v0_BaseResult__Output);
  'v0'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters__Output);
  'v1'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters__Output);
  'v2'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_DynamicDomainParameters__Output);
  'parameters'?: "v0"|"v1"|"v2";
}

export interface ListDomainParametersChangesResult {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_Result)[];
}

export interface ListDomainParametersChangesResult__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListDomainParametersChangesResult_Result__Output)[];
}
