// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto

import type { SignedTopologyTransaction as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction, SignedTopologyTransaction__Output as _com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/SignedTopologyTransaction.js';

export interface InitIdRequest {
  'identifier'?: (string);
  'namespace'?: (string);
  'namespace_delegations'?: (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction)[];
}

export interface InitIdRequest__Output {
  'identifier'?: (string);
  'namespace'?: (string);
  'namespace_delegations': (_com_digitalasset_canton_protocol_v30_SignedTopologyTransaction__Output)[];
}
