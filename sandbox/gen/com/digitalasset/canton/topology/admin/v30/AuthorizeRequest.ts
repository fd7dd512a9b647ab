// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto

import type { ForceFlag as _com_digitalasset_canton_topology_admin_v30_ForceFlag, ForceFlag__Output as _com_digitalasset_canton_topology_admin_v30_ForceFlag__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/ForceFlag.js';
import type { StoreId as _com_digitalasset_canton_topology_admin_v30_StoreId, StoreId__Output as _com_digitalasset_canton_topology_admin_v30_StoreId__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v30/StoreId.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp, _com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/Enums.js';
import type { TopologyMapping as _com_digitalasset_canton_protocol_v30_TopologyMapping, TopologyMapping__Output as _com_digitalasset_canton_protocol_v30_TopologyMapping__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/TopologyMapping.js';

export interface _com_digitalasset_canton_topology_admin_v30_AuthorizeRequest_Proposal {
  'change'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping | null);
}

export interface _com_digitalasset_canton_topology_admin_v30_AuthorizeRequest_Proposal__Output {
  'change'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyChangeOp__Output);
  'serial'?: (number);
  'mapping'?: (_com_digitalasset_canton_protocol_v30_TopologyMapping__Output);
}

export interface AuthorizeRequest {
  'proposal'?: (_com_digitalasset_canton_topology_admin_v30_AuthorizeRequest_Proposal | null);
  'transaction_hash'?: (string);
  'must_fully_authorize'?: (boolean);
  'force_changes'?: (_com_digitalasset_canton_topology_admin_v30_ForceFlag)[];
  'signed_by'?: (string)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId | null);
  'wait_to_become_effective'?: (_google_protobuf_Duration | null);
  'type'?: "proposal"|"transaction_hash";
}

export interface AuthorizeRequest__Output {
  'proposal'?: (_com_digitalasset_canton_topology_admin_v30_AuthorizeRequest_Proposal__Output);
  'transaction_hash'?: (string);
  'must_fully_authorize'?: (boolean);
  'force_changes': (_com_digitalasset_canton_topology_admin_v30_ForceFlag__Output)[];
  'signed_by': (string)[];
  'store'?: (_com_digitalasset_canton_topology_admin_v30_StoreId__Output);
  'wait_to_become_effective'?: (_google_protobuf_Duration__Output);
  'type'?: "proposal"|"transaction_hash";
}
