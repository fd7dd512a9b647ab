// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';

export interface _com_digitalasset_canton_protocol_v0_TopologyTransactions_Item {
  'valid_from'?: (_google_protobuf_Timestamp | null);
  'valid_until'?: (_google_protobuf_Timestamp | null);
  'transaction'?: (Buffer | Uint8Array | string);
  'sequenced'?: (_google_protobuf_Timestamp | null);
}

export interface _com_digitalasset_canton_protocol_v0_TopologyTransactions_Item__Output {
  'valid_from'?: (_google_protobuf_Timestamp__Output);
  'valid_until'?: (_google_protobuf_Timestamp__Output);
  'transaction'?: (Buffer);
  'sequenced'?: (_google_protobuf_Timestamp__Output);
}

export interface TopologyTransactions {
  'items'?: (_com_digitalasset_canton_protocol_v0_TopologyTransactions_Item)[];
}

export interface TopologyTransactions__Output {
  'items': (_com_digitalasset_canton_protocol_v0_TopologyTransactions_Item__Output)[];
}
